using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>FINGERPRINT: CRC-32 over the message, which tells STUN from other protocols on the same port (RFC 8489 sections 7 and 14.7).</summary>
public static class Fingerprint
{
    internal const int ValueSize = 4;

    // "STUN" in ASCII, so that a CRC which an application computes over its packet does not match.
    private const uint Mask = 0x5354554E;

    /// <summary>
    /// Whether the message carries a FINGERPRINT that is right. A message with a wrong one is not STUN and is dropped in silence.
    /// </summary>
    /// <param name="message">The message.</param>
    public static bool Verify(scoped in StunMessage message)
    {
        int offset = message.FingerprintOffset;
        if (offset == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = message.Bytes;
        uint expected = Crc32.Compute(bytes[..offset]) ^ Mask;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[(offset + 4)..]) == expected;
    }

    /// <summary>Adds FINGERPRINT, after which nothing can be added.</summary>
    /// <param name="writer">The writer.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    /// <exception cref="InvalidOperationException">The message has a FINGERPRINT.</exception>
    public static void AddFingerprint(this ref StunMessageWriter writer)
    {
        int covered = writer.Length;
        Span<byte> value = writer.ReserveTrailer(StunAttributeType.Fingerprint, ValueSize);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Compute(writer.Written[..covered]) ^ Mask);
    }
}
