using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>MESSAGE-INTEGRITY-SHA256: HMAC-SHA256 over the message up to this attribute, possibly truncated (RFC 8489 section 14.6).</summary>
public static class MessageIntegritySha256
{
    /// <summary>The size of the whole value, in bytes.</summary>
    public const int FullSize = 32;

    /// <summary>The smallest size that a usage may truncate the value to, in bytes.</summary>
    public const int MinSize = 16;

    /// <summary>Adds MESSAGE-INTEGRITY-SHA256, after which only FINGERPRINT can be added.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="key">The key.</param>
    /// <param name="size">16 to 32 bytes in steps of four; below 32 only where the usage allows truncation.</param>
    /// <exception cref="ArgumentException">The size is not of that form, or the buffer is too small.</exception>
    /// <exception cref="InvalidOperationException">The message has MESSAGE-INTEGRITY-SHA256 or FINGERPRINT.</exception>
    public static void AddMessageIntegritySha256(this ref StunMessageWriter writer, IntegrityKey key, int size = FullSize)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsValidSize(size))
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "MESSAGE-INTEGRITY-SHA256 has 16 to 32 bytes in steps of four.");
        }

        int covered = writer.Length;
        Span<byte> value = writer.ReserveTrailer(StunAttributeType.MessageIntegritySha256, size);
        Span<byte> hash = stackalloc byte[FullSize];
        key.ComputeSha256(writer.Written[..covered], size, hash);
        hash[..size].CopyTo(value);
    }

    /// <summary>
    /// Whether the message carries a MESSAGE-INTEGRITY-SHA256 that the key confirms. Takes the same time for every wrong value.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="key">The key.</param>
    /// <param name="minSize">The shortest truncation that the usage allows, 16 to 32 bytes.</param>
    public static bool Verify(scoped in StunMessage message, IntegrityKey key, int minSize = FullSize)
    {
        ArgumentNullException.ThrowIfNull(key);
        int offset = message.IntegritySha256Offset;
        if (offset == 0)
        {
            return false;
        }

        int size = BinaryPrimitives.ReadUInt16BigEndian(message.Bytes[(offset + 2)..]);
        if (size < minSize)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[FullSize];
        key.ComputeSha256(message.Bytes[..offset], size, expected);
        return FixedTime.AreEqual(expected[..size], message.Bytes.Slice(offset + 4, size));
    }

    internal static bool IsValidSize(int size) => size is >= MinSize and <= FullSize && size % 4 == 0;
}
