using System;

namespace Stack.Stun;

/// <summary>MESSAGE-INTEGRITY: HMAC-SHA1 over the message up to this attribute (RFC 8489 section 14.5).</summary>
public static class MessageIntegrity
{
    /// <summary>The size of the value, in bytes.</summary>
    public const int ValueSize = 20;

    /// <summary>Adds MESSAGE-INTEGRITY, after which only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT can be added.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    /// <exception cref="InvalidOperationException">The message has an integrity attribute or FINGERPRINT.</exception>
    public static void AddMessageIntegrity(this ref StunMessageWriter writer, IntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int covered = writer.Length;
        Span<byte> value = writer.ReserveTrailer(StunAttributeType.MessageIntegrity, ValueSize);
        key.ComputeSha1(writer.Written[..covered], ValueSize, value);
    }

    /// <summary>Whether the message carries a MESSAGE-INTEGRITY that the key confirms. Takes the same time for every wrong value.</summary>
    /// <param name="message">The message.</param>
    /// <param name="key">The key.</param>
    public static bool Verify(scoped in StunMessage message, IntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int offset = message.IntegrityOffset;
        if (offset == 0)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[ValueSize];
        key.ComputeSha1(message.Bytes[..offset], ValueSize, expected);
        return FixedTime.AreEqual(expected, message.Bytes.Slice(offset + 4, ValueSize));
    }
}
