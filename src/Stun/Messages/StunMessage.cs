using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// A STUN message as a view over the caller's bytes: the framing is checked once and completely by
/// <see cref="Decode(ReadOnlySpan{byte}, out StunMessage)"/>, attributes are read on demand and never copied. The view is valid until the
/// buffer is reused.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|     STUN Message Type     |         Message Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         Magic Cookie                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Transaction ID (96 bits)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
/// <remarks>
/// Every method, class and attribute type decodes: what they mean, and what to answer to one that is not understood, is decided above.
/// Of attributes that occur twice the first counts (RFC 8489 section 14).
/// </remarks>
public readonly ref struct StunMessage
{
    /// <summary>The size of the header, in bytes.</summary>
    public const int HeaderSize = 20;

    /// <summary>The largest message: the header and a 16-bit length that is a multiple of four.</summary>
    public const int MaxSize = HeaderSize + 65532;

    /// <summary>How many attributes a message may have; a bound of ours, no RFC sets one.</summary>
    public const int MaxAttributes = 256;

    /// <summary>The fixed value behind the message length (RFC 8489 section 5).</summary>
    public const uint MagicCookie = 0x2112A442;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _visibleEnd;

    // Offsets of attribute headers; 0 where there is none.
    private readonly int _integrity;
    private readonly int _integritySha256;
    private readonly int _fingerprint;

    private StunMessage(ReadOnlySpan<byte> bytes, int visibleEnd, int integrity, int integritySha256, int fingerprint)
    {
        _bytes = bytes;
        _visibleEnd = visibleEnd;
        _integrity = integrity;
        _integritySha256 = integritySha256;
        _fingerprint = fingerprint;
    }

    /// <summary>The whole message as received.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Method and class.</summary>
    public StunMessageType Type => StunMessageType.FromWire(BinaryPrimitives.ReadUInt16BigEndian(_bytes));

    /// <summary>The class.</summary>
    public StunClass Class => Type.Class;

    /// <summary>The method.</summary>
    public StunMethod Method => Type.Method;

    /// <summary>The message length: the bytes behind the header, 0 to 65532.</summary>
    public int Length => _bytes.Length - HeaderSize;

    /// <summary>The 96-bit transaction id; of a classic message the last 96 of its 128 bits.</summary>
    public TransactionId TransactionId => TransactionId.Read(_bytes.Slice(8, TransactionId.Size));

    /// <summary>Whether the magic cookie is absent: a message of classic STUN (RFC 3489).</summary>
    public bool IsClassic => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]) != MagicCookie;

    /// <summary>Whether the message carries MESSAGE-INTEGRITY that a receiver may check.</summary>
    public bool HasMessageIntegrity => _integrity != 0;

    /// <summary>Whether the message carries MESSAGE-INTEGRITY-SHA256 that a receiver may check.</summary>
    public bool HasMessageIntegritySha256 => _integritySha256 != 0;

    /// <summary>Whether the message carries FINGERPRINT; <see cref="Fingerprint.Verify"/> checks it.</summary>
    public bool HasFingerprint => _fingerprint != 0;

    internal int IntegrityOffset => _integrity;

    internal int IntegritySha256Offset => _integritySha256;

    internal int FingerprintOffset => _fingerprint;

    /// <summary>The magic cookie and the transaction id, which XOR-MAPPED-ADDRESS is XORed with.</summary>
    internal ReadOnlySpan<byte> CookieAndTransactionId => _bytes.Slice(4, 16);

    /// <summary>Checks the framing of a message with the magic cookie.</summary>
    /// <param name="datagram">Exactly the bytes received, no more.</param>
    /// <param name="message">The view; empty unless the status is <see cref="StunDecodeStatus.Ok"/>.</param>
    public static StunDecodeStatus Decode(ReadOnlySpan<byte> datagram, out StunMessage message)
        => Decode(datagram, StunDialect.Rfc8489, out message);

    /// <summary>Checks the framing of a message.</summary>
    /// <param name="datagram">Exactly the bytes received, no more.</param>
    /// <param name="dialect">Whether classic messages are accepted.</param>
    /// <param name="message">The view; empty unless the status is <see cref="StunDecodeStatus.Ok"/>.</param>
    public static StunDecodeStatus Decode(ReadOnlySpan<byte> datagram, StunDialect dialect, out StunMessage message)
    {
        message = default;
        if (datagram.Length < HeaderSize)
        {
            return StunDecodeStatus.TooShort;
        }

        if ((datagram[0] & 0xC0) != 0)
        {
            return StunDecodeStatus.NotStun;
        }

        bool classic = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != MagicCookie;
        if (classic && dialect != StunDialect.AcceptClassic)
        {
            return StunDecodeStatus.MagicCookieMissing;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if ((length & 3) != 0)
        {
            return StunDecodeStatus.LengthNotMultipleOfFour;
        }

        if (length + HeaderSize != datagram.Length)
        {
            return length + HeaderSize > datagram.Length ? StunDecodeStatus.Truncated : StunDecodeStatus.TrailingBytes;
        }

        return DecodeAttributes(datagram, classic, out message);
    }

    /// <summary>The attributes that a receiver may look at, in the order of the message.</summary>
    public StunAttributeEnumerator GetEnumerator() => new(_bytes, _visibleEnd, _integritySha256, _fingerprint);

    /// <summary>Finds the first attribute of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The value without padding; valid until the message's buffer is reused.</param>
    /// <returns>False where there is none, or only behind the integrity attribute.</returns>
    public bool TryFind(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> bytes = _bytes;
        unchecked
        {
            for (int at = HeaderSize; at < _visibleEnd;)
            {
                uint header = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
                int length = (int)(header & 0xFFFF);
                if (header >> 16 == (uint)type)
                {
                    value = bytes.Slice(at + 4, length);
                    return true;
                }

                at += 4 + ((length + 3) & ~3);
            }
        }

        return TryFindBehindIntegrity(type, out value);
    }

    private static StunDecodeStatus DecodeAttributes(ReadOnlySpan<byte> bytes, bool classic, out StunMessage message)
    {
        message = default;
        int integrity = 0;
        int integritySha256 = 0;
        int fingerprint = 0;
        int visibleEnd = 0;
        int count = 0;

        // Nothing overflows: offsets stay below 20 + 65532 + 65538.
        unchecked
        {
            for (int at = HeaderSize; at < bytes.Length;)
            {
                if (fingerprint != 0)
                {
                    return StunDecodeStatus.FingerprintNotLast;
                }

                if (++count > MaxAttributes)
                {
                    return StunDecodeStatus.TooManyAttributes;
                }

                uint header = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
                int length = (int)(header & 0xFFFF);
                int next = at + 4 + ((length + 3) & ~3);
                if (next > bytes.Length)
                {
                    return StunDecodeStatus.AttributeTruncated;
                }

                switch ((StunAttributeType)(header >> 16))
                {
                    case StunAttributeType.Fingerprint when !classic:
                        if (length != Fingerprint.ValueSize)
                        {
                            return StunDecodeStatus.FingerprintMalformed;
                        }

                        fingerprint = at;
                        break;

                    // The first integrity attribute ends what a receiver may look at.
                    case StunAttributeType.MessageIntegrity when integrity == 0 && integritySha256 == 0:
                        if (length != MessageIntegrity.ValueSize)
                        {
                            return StunDecodeStatus.IntegrityMalformed;
                        }

                        integrity = at;
                        visibleEnd = next;
                        break;

                    case StunAttributeType.MessageIntegritySha256 when integritySha256 == 0 && !classic:
                        if (!MessageIntegritySha256.IsValidSize(length))
                        {
                            return StunDecodeStatus.IntegrityMalformed;
                        }

                        integritySha256 = at;
                        visibleEnd = visibleEnd == 0 ? next : visibleEnd;
                        break;
                }

                at = next;
            }
        }

        message = new StunMessage(bytes, visibleEnd == 0 ? bytes.Length : visibleEnd, integrity, integritySha256, fingerprint);
        return StunDecodeStatus.Ok;
    }

    private bool TryFindBehindIntegrity(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        int at = type switch
        {
            StunAttributeType.MessageIntegritySha256 => _integritySha256,
            StunAttributeType.Fingerprint => _fingerprint,
            _ => 0,
        };
        if (at == 0)
        {
            value = default;
            return false;
        }

        value = _bytes.Slice(at + 4, BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at + 2)..]));
        return true;
    }
}
