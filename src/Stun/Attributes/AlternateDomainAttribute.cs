using System;

namespace Stack.Stun;

/// <summary>ALTERNATE-DOMAIN: the name that the certificate of the alternate server carries (RFC 8489 section 14.16).</summary>
public static class AlternateDomainAttribute
{
    /// <summary>The longest name, in bytes.</summary>
    public const int MaxSize = 255;

    /// <summary>Reads ALTERNATE-DOMAIN; an empty name, one above 255 bytes and one with other than printable ASCII are malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="value">The name as received; valid until the message's buffer is reused.</param>
    public static StunAttributeStatus ReadAlternateDomain(this scoped in StunMessage message, out ReadOnlySpan<byte> value)
    {
        if (!message.TryFind(StunAttributeType.AlternateDomain, out value))
        {
            return StunAttributeStatus.Absent;
        }

        if (value.Length is < 1 or > MaxSize || value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
        {
            value = default;
            return StunAttributeStatus.Malformed;
        }

        return StunAttributeStatus.Present;
    }

    /// <summary>Adds ALTERNATE-DOMAIN.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">A DNS name in ASCII, 1 to 255 bytes.</param>
    /// <exception cref="ArgumentException">The name is not of that form, or the buffer is too small.</exception>
    public static void AddAlternateDomain(this ref StunMessageWriter writer, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length is < 1 or > MaxSize || value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
        {
            throw new ArgumentException("ALTERNATE-DOMAIN is a DNS name in ASCII of 1 to 255 bytes.", nameof(value));
        }

        writer.Add(StunAttributeType.AlternateDomain, value);
    }
}
