using System;
using System.Linq;
using Stack.Fuzz.Reference;
using Xunit;
using static Stack.Stun.Tests.ReferenceBytes;

namespace Stack.Stun.Tests;

/// <summary>The reference decoder's framing and visibility, held against hand-written bytes.</summary>
public class ReferenceDecoderTests
{
    private const int Username = 0x0006;
    private const int Integrity = 0x0008;
    private const int Sha256 = 0x001C;
    private const int Software = 0x8022;
    private const int Fingerprint = 0x8028;

    private const string Header = "2112A442000102030405060708090A0B";

    [Theory]
    [InlineData("", ReferenceVerdict.TooShort)]
    [InlineData("FF", ReferenceVerdict.TooShort)]
    [InlineData("000100002112A442000102030405060708090A", ReferenceVerdict.TooShort)]
    [InlineData("00010000" + Header, ReferenceVerdict.Ok)]
    [InlineData("3FFF0000" + Header, ReferenceVerdict.Ok)]
    [InlineData("40010001DEADBEEF000102030405060708090A0B", ReferenceVerdict.NotStun)]
    [InlineData("80010000" + Header, ReferenceVerdict.NotStun)]
    [InlineData("00010001DEADBEEF000102030405060708090A0B", ReferenceVerdict.MagicCookieMissing)]
    [InlineData("000100002112A443000102030405060708090A0B", ReferenceVerdict.MagicCookieMissing)]
    [InlineData("0001000042A41221000102030405060708090A0B", ReferenceVerdict.MagicCookieMissing)]
    [InlineData("0001FFFD" + Header, ReferenceVerdict.LengthNotMultipleOfFour)]
    [InlineData("00010001" + Header + "00", ReferenceVerdict.LengthNotMultipleOfFour)]
    [InlineData("00010002" + Header, ReferenceVerdict.LengthNotMultipleOfFour)]
    [InlineData("0001FFFC" + Header, ReferenceVerdict.Truncated)]
    [InlineData("00010004" + Header + "802200", ReferenceVerdict.Truncated)]
    [InlineData("00010000" + Header + "00", ReferenceVerdict.TrailingBytes)]
    [InlineData("00010004" + Header + "8022000400000000", ReferenceVerdict.TrailingBytes)]
    [InlineData("00010004" + Header + "80220000", ReferenceVerdict.Ok)]
    [InlineData("00010004" + Header + "80220001", ReferenceVerdict.AttributeTruncated)]
    [InlineData("00010004" + Header + "80220008", ReferenceVerdict.AttributeTruncated)]
    [InlineData("00010008" + Header + "8022FFFF00000000", ReferenceVerdict.AttributeTruncated)]
    [InlineData("00010008" + Header + "8022000500000000", ReferenceVerdict.AttributeTruncated)]
    [InlineData("00010008" + Header + "80220001415A5A5A", ReferenceVerdict.Ok)]
    [InlineData("00010008" + Header + "8028000400000000", ReferenceVerdict.Ok)]
    [InlineData("00010008" + Header + "8028000300000000", ReferenceVerdict.FingerprintMalformed)]
    [InlineData("00010004" + Header + "80280000", ReferenceVerdict.FingerprintMalformed)]
    [InlineData("0001000C" + Header + "802800050000000000000000", ReferenceVerdict.FingerprintMalformed)]
    [InlineData("00010004" + Header + "80280004", ReferenceVerdict.AttributeTruncated)]
    [InlineData("0001000C" + Header + "8028000400000000" + "8022FFFF", ReferenceVerdict.FingerprintNotLast)]
    [InlineData("0001000C" + Header + "8028000400000000" + "80280000", ReferenceVerdict.FingerprintNotLast)]
    [InlineData("00010004" + Header + "00080000", ReferenceVerdict.IntegrityMalformed)]
    [InlineData("00010004" + Header + "001C0000", ReferenceVerdict.IntegrityMalformed)]
    [InlineData("00010004" + Header + "00080014", ReferenceVerdict.AttributeTruncated)]
    public void Decode_Framing_GivesTheFirstVerdictThatApplies(string datagram, ReferenceVerdict verdict)
    {
        Assert.Equal(verdict, ReferenceMessage.Decode(Convert.FromHexString(datagram), acceptClassic: false, out ReferenceMessage? message));
        Assert.Equal(verdict == ReferenceVerdict.Ok, message is not null);
    }

    [Theory]
    [InlineData(Integrity, 19, false)]
    [InlineData(Integrity, 20, true)]
    [InlineData(Integrity, 21, false)]
    [InlineData(Integrity, 32, false)]
    [InlineData(Sha256, 12, false)]
    [InlineData(Sha256, 16, true)]
    [InlineData(Sha256, 17, false)]
    [InlineData(Sha256, 20, true)]
    [InlineData(Sha256, 30, false)]
    [InlineData(Sha256, 32, true)]
    [InlineData(Sha256, 36, false)]
    public void Decode_IntegrityLength_IsCheckedOnTheFirstOnly(int type, int length, bool sensible)
    {
        ReferenceVerdict verdict = sensible ? ReferenceVerdict.Ok : ReferenceVerdict.IntegrityMalformed;
        string attribute = Attribute(type, Zeros(length));
        Assert.Equal(verdict, ReferenceMessage.Decode(Message(attribute), acceptClassic: false, out _));

        string good = Attribute(type, Zeros(type == Integrity ? 20 : 32));
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(Message(good, attribute), acceptClassic: false, out _));
    }

    [Theory]
    [InlineData(256, ReferenceVerdict.Ok)]
    [InlineData(257, ReferenceVerdict.TooManyAttributes)]
    [InlineData(16000, ReferenceVerdict.TooManyAttributes)]
    public void Decode_ManyAttributes_StopsBehindTheLimit(int count, ReferenceVerdict verdict)
    {
        Assert.Equal(
            verdict,
            ReferenceMessage.Decode(Message([.. Enumerable.Repeat("80220000", count)]), acceptClassic: false, out _));
    }

    [Fact]
    public void Decode_HiddenAttributes_CountTowardsTheLimit()
    {
        string[] attributes = [Attribute(Integrity, Zeros(20)), .. Enumerable.Repeat("80220000", 256)];
        Assert.Equal(ReferenceVerdict.TooManyAttributes, ReferenceMessage.Decode(Message(attributes), acceptClassic: false, out _));
    }

    [Theory]
    [InlineData("U M U S F", "U M F")]
    [InlineData("M U H U H F", "M H F")]
    [InlineData("M M F", "M F")]
    [InlineData("S H M U F", "S H F")]
    [InlineData("H U M H F", "H F")]
    [InlineData("U S U", "U S U")]
    public void Decode_BehindIntegrity_HidesWhatIsNotProtected(string order, string visible)
    {
        byte[] datagram = Message([.. order.Split(' ').Select(Letter)]);
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(datagram, acceptClassic: false, out ReferenceMessage? message));
        Assert.Equal(visible, string.Join(' ', message!.Visible.Select(a => Letter(a.Type))));
        Assert.Equal(visible.Contains('M', StringComparison.Ordinal), message.MessageIntegrityOffset >= 0);
        Assert.Equal(visible.Contains('H', StringComparison.Ordinal), message.MessageIntegritySha256Offset >= 0);
        Assert.Equal(visible.Contains('F', StringComparison.Ordinal), message.FingerprintOffset >= 0);
    }

    [Theory]
    [InlineData("F U H S", "F U H S")]
    [InlineData("U M H F S", "U M")]
    public void Decode_Classic_KnowsOnlyMessageIntegrity(string order, string visible)
    {
        byte[] datagram = ClassicMessage([.. order.Split(' ').Select(Letter)]);
        Assert.Equal(ReferenceVerdict.MagicCookieMissing, ReferenceMessage.Decode(datagram, acceptClassic: false, out _));
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(datagram, acceptClassic: true, out ReferenceMessage? message));
        Assert.True(message!.IsClassic);
        Assert.Equal(visible, string.Join(' ', message.Visible.Select(a => Letter(a.Type))));
        Assert.Equal(-1, message.FingerprintOffset);
        Assert.Equal(-1, message.MessageIntegritySha256Offset);
    }

    [Fact]
    public void Decode_ClassicWithOddLengths_ChecksMessageIntegrityAlone()
    {
        byte[] odd = ClassicMessage(Attribute(Fingerprint, "00"), Attribute(Sha256, "00"), Attribute(Fingerprint, "00"));
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(odd, acceptClassic: true, out _));
        byte[] bad = ClassicMessage(Attribute(Integrity, "00"));
        Assert.Equal(ReferenceVerdict.IntegrityMalformed, ReferenceMessage.Decode(bad, acceptClassic: true, out _));
    }

    [Theory]
    [InlineData(0x0001, 0, 0x001)]
    [InlineData(0x0011, 1, 0x001)]
    [InlineData(0x0101, 2, 0x001)]
    [InlineData(0x0111, 3, 0x001)]
    [InlineData(0x0017, 1, 0x007)]
    [InlineData(0x3EEF, 0, 0xFFF)]
    [InlineData(0x3FFF, 3, 0xFFF)]
    [InlineData(0x0020, 0, 0x010)]
    [InlineData(0x0200, 0, 0x080)]
    public void Decode_MessageType_IsTakenApart(int type, int messageClass, int method)
    {
        byte[] datagram = Message();
        datagram[0] = (byte)(type >> 8);
        datagram[1] = (byte)type;
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(datagram, acceptClassic: false, out ReferenceMessage? message));
        Assert.Equal(messageClass, message!.Class);
        Assert.Equal(method, message.Method);
    }

    [Fact]
    public void Load_ReusedAfterFailure_ForgetsTheEarlierMessage()
    {
        var message = new ReferenceMessage();
        Assert.Equal(ReferenceVerdict.Ok, message.Load(Message(Letter("U"), Letter("M"), Letter("F")), acceptClassic: false));
        Assert.Equal(ReferenceVerdict.TooShort, message.Load([], acceptClassic: false));
        Assert.Equal(ReferenceVerdict.Ok, message.Load(Message(Letter("S")), acceptClassic: false));
        Assert.Single(message.Visible);
        Assert.Equal(-1, message.MessageIntegrityOffset);
        Assert.Equal(-1, message.FingerprintOffset);
    }

    [Fact]
    public void FingerprintOk_OneBitChanged_IsFalse()
    {
        byte[] datagram = TestKit.RfcVectors.Bytes("rfc5769/2.1-sample-request");
        datagram[30] ^= 1;
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(datagram, acceptClassic: false, out ReferenceMessage? message));
        Assert.False(message!.FingerprintOk);
    }

    private static string Letter(string letter) => letter switch
    {
        "U" => Attribute(Username, "61"),
        "M" => Attribute(Integrity, Zeros(20)),
        "H" => Attribute(Sha256, Zeros(32)),
        "S" => Attribute(Software, "6162"),
        "F" => Attribute(Fingerprint, Zeros(4)),
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "U, M, H, S or F"),
    };

    private static string Letter(int type) => type switch
    {
        Username => "U",
        Integrity => "M",
        Sha256 => "H",
        Software => "S",
        Fingerprint => "F",
        _ => "?",
    };
}
