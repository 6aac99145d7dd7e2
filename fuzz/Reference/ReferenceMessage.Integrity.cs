using System;
using System.Security.Cryptography;

namespace Stack.Fuzz.Reference;

/// <content>The three attributes that protect a message: RFC 8489 sections 14.5 to 14.7.</content>
public sealed partial class ReferenceMessage
{
    /// <summary>The visible MESSAGE-INTEGRITY, always 20 bytes.</summary>
    public ReferenceValue<ReferenceAttribute> MessageIntegrity => At(MessageIntegrityOffset);

    /// <summary>The visible MESSAGE-INTEGRITY-SHA256, 16 to 32 bytes; absent in a classic message.</summary>
    public ReferenceValue<ReferenceAttribute> MessageIntegritySha256 => At(MessageIntegritySha256Offset);

    /// <summary>FINGERPRINT as it stands in the message; absent in a classic message.</summary>
    public ReferenceValue<uint> Fingerprint
    {
        get
        {
            if (FingerprintOffset < 0)
            {
                return default;
            }

            return new(ReferencePresence.Present, ((uint)Pair(FingerprintOffset + 4) << 16) | (uint)Pair(FingerprintOffset + 6));
        }
    }

    /// <summary>True where FINGERPRINT is there and is the CRC of what stands before it. Computed on each call.</summary>
    public bool FingerprintOk =>
        Fingerprint.Presence == ReferencePresence.Present
        && Fingerprint.Value == (ReferenceCrc32.Compute(_datagram, FingerprintOffset) ^ 0x5354554E);

    /// <summary>True where MESSAGE-INTEGRITY is there and is the HMAC-SHA1 under the key.</summary>
    public bool MessageIntegrityOk(byte[] key) =>
        MessageIntegrityOffset >= 0
        && StartsWith(HMACSHA1.HashData(key, Protected(MessageIntegrityOffset)), MessageIntegrity.Value);

    /// <summary>True where MESSAGE-INTEGRITY-SHA256 is there and is the beginning of the HMAC-SHA256 under the key.</summary>
    public bool MessageIntegritySha256Ok(byte[] key) =>
        MessageIntegritySha256Offset >= 0
        && StartsWith(HMACSHA256.HashData(key, Protected(MessageIntegritySha256Offset)), MessageIntegritySha256.Value);

    private static bool StartsWith(byte[] hash, ReferenceAttribute attribute)
    {
        for (int i = 0; i < attribute.Length; i++)
        {
            if (attribute.Byte(i) != hash[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A copy of all bytes before the attribute, whose length field says that the message ends with the attribute.</summary>
    private byte[] Protected(int headerOffset)
    {
        byte[] copy = new byte[headerOffset];
        Array.Copy(_datagram, copy, headerOffset);
        int pretended = headerOffset + 4 + Pair(headerOffset + 2) - HeaderLength;
        copy[2] = (byte)(pretended >> 8);
        copy[3] = (byte)(pretended & 0xFF);
        return copy;
    }

    private ReferenceValue<ReferenceAttribute> At(int headerOffset)
    {
        if (headerOffset < 0)
        {
            return default;
        }

        return new(
            ReferencePresence.Present,
            new ReferenceAttribute(_datagram, Pair(headerOffset), headerOffset + 4, Pair(headerOffset + 2)));
    }
}
