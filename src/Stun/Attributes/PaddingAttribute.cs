using System;

namespace Stack.Stun;

/// <summary>PADDING: bytes without meaning that make a message large enough to be fragmented (RFC 5780 section 7.6).</summary>
public static class PaddingAttribute
{
    /// <summary>Reads PADDING.</summary>
    /// <param name="message">The message.</param>
    /// <param name="length">Its length, in bytes.</param>
    public static StunAttributeStatus ReadPadding(this scoped in StunMessage message, out int length)
    {
        bool found = message.TryFind(StunAttributeType.Padding, out ReadOnlySpan<byte> value);
        length = value.Length;
        return found ? StunAttributeStatus.Present : StunAttributeStatus.Absent;
    }

    /// <summary>Adds PADDING of zeroes.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="length">Its length, in bytes.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static void AddPadding(this ref StunMessageWriter writer, int length) => writer.Reserve(StunAttributeType.Padding, length).Clear();
}
