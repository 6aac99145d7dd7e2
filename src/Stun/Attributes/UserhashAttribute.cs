using System;

namespace Stack.Stun;

/// <summary>USERHASH: SHA-256 of username and realm, in place of USERNAME (RFC 8489 section 14.4).</summary>
public static class UserhashAttribute
{
    /// <summary>Reads USERHASH; any length but 32 is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="value">32 bytes; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadUserhash(this scoped in StunMessage message, out ReadOnlySpan<byte> value)
    {
        if (!message.TryFind(StunAttributeType.Userhash, out value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length != Userhash.Size)
        {
            value = default;
            return StunAttributeStatus.Malformed;
        }

        return StunAttributeStatus.Present;
    }

    /// <summary>Adds USERHASH.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">32 bytes, as <see cref="Userhash.Compute"/> makes them.</param>
    /// <exception cref="ArgumentException">The value has another length, or the buffer is too small.</exception>
    public static void AddUserhash(this ref StunMessageWriter writer, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length != Userhash.Size)
        {
            throw new ArgumentException("USERHASH has 32 bytes.", nameof(value));
        }

        writer.Add(StunAttributeType.Userhash, value);
    }
}
