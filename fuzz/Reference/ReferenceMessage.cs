using System.Collections.Generic;

namespace Stack.Fuzz.Reference;

/// <summary>One STUN message as the second author reads RFC 8489 sections 5, 6.3 and 14: slowly, and in the order of the text.</summary>
/// <remarks>
/// An instance can be loaded again and again: after the attribute list has grown once, <see cref="Load"/> and the typed readers allocate
/// nothing. The datagram is referred to, never copied and never written. Not safe for several threads.
/// </remarks>
public sealed partial class ReferenceMessage
{
    /// <summary>How many attributes a message may have.</summary>
    public const int MaxAttributes = 256;

    private const int HeaderLength = 20;
    private const uint MagicCookie = 0x2112A442;

    private readonly List<ReferenceAttribute> _visible = new(MaxAttributes);
    private byte[] _datagram = [];

    /// <summary>0 request, 1 indication, 2 success response, 3 error response.</summary>
    public int Class { get; private set; }

    /// <summary>The 12-bit method.</summary>
    public int Method { get; private set; }

    /// <summary>The header's length: bytes behind the header.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes 4 to 7 as received.</summary>
    public uint Cookie { get; private set; }

    /// <summary>True where the magic cookie is absent: a message of RFC 3489.</summary>
    public bool IsClassic => Cookie != MagicCookie;

    /// <summary>A copy of bytes 8 to 19.</summary>
    public byte[] TransactionId => _datagram[8..20];

    /// <summary>The attributes that a receiver may look at, in order of appearance.</summary>
    public IReadOnlyList<ReferenceAttribute> Visible => _visible;

    /// <summary>Where the header of the MESSAGE-INTEGRITY that counts begins, or -1.</summary>
    public int MessageIntegrityOffset { get; private set; } = -1;

    /// <summary>Where the header of the MESSAGE-INTEGRITY-SHA256 that counts begins, or -1.</summary>
    public int MessageIntegritySha256Offset { get; private set; } = -1;

    /// <summary>Where the header of FINGERPRINT begins, or -1.</summary>
    public int FingerprintOffset { get; private set; } = -1;

    /// <summary>Decodes into a new message, which is null unless the verdict is <see cref="ReferenceVerdict.Ok"/>.</summary>
    public static ReferenceVerdict Decode(byte[] datagram, bool acceptClassic, out ReferenceMessage? message)
    {
        var candidate = new ReferenceMessage();
        ReferenceVerdict verdict = candidate.Load(datagram, acceptClassic);
        message = verdict == ReferenceVerdict.Ok ? candidate : null;
        return verdict;
    }

    /// <summary>Decodes into this instance. Its properties mean something only after <see cref="ReferenceVerdict.Ok"/>.</summary>
    public ReferenceVerdict Load(byte[] datagram, bool acceptClassic)
    {
        _datagram = datagram;
        _visible.Clear();
        MessageIntegrityOffset = -1;
        MessageIntegritySha256Offset = -1;
        FingerprintOffset = -1;

        if (datagram.Length < HeaderLength)
        {
            return ReferenceVerdict.TooShort;
        }

        if ((datagram[0] & 0b1100_0000) != 0)
        {
            return ReferenceVerdict.NotStun;
        }

        ReadHeader();
        if (IsClassic && !acceptClassic)
        {
            return ReferenceVerdict.MagicCookieMissing;
        }

        if (Length % 4 != 0)
        {
            return ReferenceVerdict.LengthNotMultipleOfFour;
        }

        if (HeaderLength + Length > datagram.Length)
        {
            return ReferenceVerdict.Truncated;
        }

        if (HeaderLength + Length < datagram.Length)
        {
            return ReferenceVerdict.TrailingBytes;
        }

        return WalkAttributes();
    }

    /// <summary>The smallest multiple of four that is not below a length.</summary>
    private static int Padded(int length) => (length + 3) / 4 * 4;

    private void ReadHeader()
    {
        int type = Pair(0);

        // RFC 8489 section 5, figure 3, from the left: M11..M7 C1 M6..M4 C0 M3..M0.
        int c0 = (type >> 4) & 1;
        int c1 = (type >> 8) & 1;
        Class = (c1 * 2) + c0;
        int m3To0 = type & 0b1111;
        int m6To4 = (type >> 5) & 0b111;
        int m11To7 = (type >> 9) & 0b1_1111;
        Method = (m11To7 << 7) | (m6To4 << 4) | m3To0;

        Length = Pair(2);
        Cookie = ((uint)Pair(4) << 16) | (uint)Pair(6);
    }

    private ReferenceVerdict WalkAttributes()
    {
        int end = _datagram.Length;
        int count = 0;
        int position = HeaderLength;
        while (position < end)
        {
            if (end - position < 4)
            {
                return ReferenceVerdict.AttributeTruncated;
            }

            if (FingerprintOffset >= 0)
            {
                return ReferenceVerdict.FingerprintNotLast;
            }

            count++;
            if (count > MaxAttributes)
            {
                return ReferenceVerdict.TooManyAttributes;
            }

            int type = Pair(position);
            int length = Pair(position + 2);
            if (position + 4 + Padded(length) > end)
            {
                return ReferenceVerdict.AttributeTruncated;
            }

            ReferenceVerdict verdict = Place(type, position, length);
            if (verdict != ReferenceVerdict.Ok)
            {
                return verdict;
            }

            position += 4 + Padded(length);
        }

        return ReferenceVerdict.Ok;
    }

    /// <summary>Decides whether an attribute is visible, and checks the three that protect the message.</summary>
    private ReferenceVerdict Place(int type, int position, int length)
    {
        bool behindIntegrity = MessageIntegrityOffset >= 0;
        bool behindSha256 = MessageIntegritySha256Offset >= 0;

        // RFC 3489 knows neither FINGERPRINT nor MESSAGE-INTEGRITY-SHA256: in its messages they are attributes like any other.
        if (type == ReferenceAttributeType.Fingerprint && !IsClassic)
        {
            FingerprintOffset = position;
            Show(type, position, length);
            return length == 4 ? ReferenceVerdict.Ok : ReferenceVerdict.FingerprintMalformed;
        }

        if (type == ReferenceAttributeType.MessageIntegritySha256 && !IsClassic)
        {
            if (behindSha256)
            {
                return ReferenceVerdict.Ok;
            }

            MessageIntegritySha256Offset = position;
            Show(type, position, length);
            bool sensible = length >= 16 && length <= 32 && length % 4 == 0;
            return sensible ? ReferenceVerdict.Ok : ReferenceVerdict.IntegrityMalformed;
        }

        if (behindIntegrity || behindSha256)
        {
            return ReferenceVerdict.Ok;
        }

        Show(type, position, length);
        if (type == ReferenceAttributeType.MessageIntegrity)
        {
            MessageIntegrityOffset = position;
            return length == 20 ? ReferenceVerdict.Ok : ReferenceVerdict.IntegrityMalformed;
        }

        return ReferenceVerdict.Ok;
    }

    private void Show(int type, int position, int length) => _visible.Add(new ReferenceAttribute(_datagram, type, position + 4, length));

    private int Pair(int offset) => (_datagram[offset] << 8) | _datagram[offset + 1];
}
