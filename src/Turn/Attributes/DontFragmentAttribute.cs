using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>DONT-FRAGMENT: asks the server to set the DF bit of what it sends to the peer (RFC 8656 section 18.9). It has no value.</summary>
public static class DontFragmentAttribute
{
    /// <summary>Reads DONT-FRAGMENT; any length but zero is malformed.</summary>
    /// <param name="message">The message.</param>
    public static StunAttributeStatus ReadDontFragment(this scoped in StunMessage message)
    {
        if (!message.TryFind(StunAttributeType.DontFragment, out ReadOnlySpan<byte> value))
        {
            return StunAttributeStatus.Absent;
        }

        return value.IsEmpty ? StunAttributeStatus.Present : StunAttributeStatus.Malformed;
    }

    /// <summary>Adds DONT-FRAGMENT.</summary>
    /// <param name="writer">The writer.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddDontFragment(this ref StunMessageWriter writer) => writer.AddFlag(StunAttributeType.DontFragment);
}
