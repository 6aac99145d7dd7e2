using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Fuzz.Reference;
using Xunit;
using static Stack.Stun.Tests.ReferenceBytes;

namespace Stack.Stun.Tests;

/// <summary>The reference decoder's typed readers at their edges.</summary>
public class ReferenceAttributeTests
{
    private const ReferencePresence Present = ReferencePresence.Present;
    private const ReferencePresence Malformed = ReferencePresence.Malformed;

    [Theory]
    [InlineData(0x0001, "000104D2C0000201", "C0000201", 1234)]
    [InlineData(0x0002, "000104D2C0000201", "C0000201", 1234)]
    [InlineData(0x0004, "FF01FFFFFFFFFFFF", "FFFFFFFF", 65535)]
    [InlineData(0x0005, "0001000000000000", "00000000", 0)]
    [InlineData(0x000B, "000104D2C0000201", "C0000201", 1234)]
    [InlineData(0x8023, "000104D2C0000201", "C0000201", 1234)]
    [InlineData(0x802B, "000104D2C0000201", "C0000201", 1234)]
    [InlineData(0x802C, "000204D220010DB8000000000000000000000001", "20010DB8000000000000000000000001", 1234)]
    [InlineData(0x0020, "0001211200000000", "2112A442", 0)]
    [InlineData(0x0020, "00022112000000000000000000000000000000FF", "2112A442000102030405060708090AF4", 0)]
    [InlineData(0x0001, "0000000000000000", null, 0)]
    [InlineData(0x0001, "0003000000000000", null, 0)]
    [InlineData(0x0020, "00FF000000000000", null, 0)]
    [InlineData(0x0001, "0002000000000000", null, 0)]
    [InlineData(0x0001, "000104D220010DB8000000000000000000000001", null, 0)]
    [InlineData(0x0001, "00010000000000", null, 0)]
    [InlineData(0x0001, "000100000000000000", null, 0)]
    [InlineData(0x0001, "", null, 0)]
    [InlineData(0x0001, "0001", null, 0)]
    public void Address_Value_IsReadOrMalformed(int type, string value, string? address, int port)
    {
        ReferenceMessage message = Decode(Attribute(type, value));
        ReferenceValue<ReferenceAddress> read = type switch
        {
            0x0001 => message.MappedAddress,
            0x0002 => message.ResponseAddress,
            0x0004 => message.SourceAddress,
            0x0005 => message.ChangedAddress,
            0x000B => message.ReflectedFrom,
            0x0020 => message.XorMappedAddress,
            0x8023 => message.AlternateServer,
            0x802B => message.ResponseOrigin,
            0x802C => message.OtherAddress,
            _ => default,
        };
        Assert.Equal(address is null ? Malformed : Present, read.Presence);
        if (address is not null)
        {
            Assert.Equal(address, Convert.ToHexString(read.Value.ToArray()));
            Assert.Equal(port, read.Value.Port);
        }
    }

    [Fact]
    public void XorMappedAddress_Classic_IsUnmaskedWithTheBytesReceived()
    {
        Assert.Equal(
            ReferenceVerdict.Ok,
            ReferenceMessage.Decode(ClassicMessage(Attribute(0x0020, "0001000000000000")), acceptClassic: true, out ReferenceMessage? message));
        Assert.Equal(0xDEAD, message!.XorMappedAddress.Value.Port);
        Assert.Equal((UInt128)0xDEADBEEF, message.XorMappedAddress.Value.Number);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(763, true)]
    [InlineData(764, false)]
    public void Text_Length_IsBounded(int length, bool fits)
    {
        string value = Zeros(length);
        ReferencePresence expected = fits ? Present : Malformed;
        Assert.Equal(expected, Decode(Attribute(0x0006, value)).Username.Presence);
        Assert.Equal(expected, Decode(Attribute(0x0014, value)).Realm.Presence);
        Assert.Equal(expected, Decode(Attribute(0x0015, value)).Nonce.Presence);
        Assert.Equal(expected, Decode(Attribute(0x8022, value)).Software.Presence);
        Assert.Equal(expected, Decode(Attribute(0x0009, "00000300" + value)).ErrorCode.Presence);
        Assert.Equal(Present, Decode(Attribute(0x0026, value)).Padding.Presence);
    }

    [Theory]
    [InlineData("00000401", 401, "")]
    [InlineData("0000060061FF00", 600, "61FF00")]
    [InlineData("FFFFFB63", 399, "")]
    [InlineData("00000363", 399, "")]
    [InlineData("00000364", 0, null)]
    [InlineData("000003FF", 0, null)]
    [InlineData("00000000", 0, null)]
    [InlineData("00000100", 0, null)]
    [InlineData("00000200", 0, null)]
    [InlineData("00000700", 0, null)]
    [InlineData("000004", 0, null)]
    [InlineData("", 0, null)]
    public void ErrorCode_Value_IsReadOrMalformed(string value, int code, string? reason)
    {
        ReferenceValue<ReferenceErrorCode> read = Decode(Attribute(0x0009, value)).ErrorCode;
        Assert.Equal(reason is null ? Malformed : Present, read.Presence);
        if (reason is not null)
        {
            Assert.Equal(code, read.Value.Code);
            Assert.Equal(reason, Convert.ToHexString(read.Value.Reason.ToArray()));
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0030", "0030")]
    [InlineData("00308001FFFF", "0030 8001 FFFF")]
    [InlineData("003000", null)]
    public void UnknownAttributes_Value_IsReadOrMalformed(string value, string? types)
    {
        var read = new List<int> { 7 };
        Assert.Equal(types is null ? Malformed : Present, Decode(Attribute(0x000A, value)).ReadUnknownAttributes(read));
        Assert.Equal(types ?? string.Empty, string.Join(' ', read.Select(t => $"{t:X4}")));
    }

    [Theory]
    [InlineData("00010000", "1:")]
    [InlineData("0002000101", "2:01")]
    [InlineData("00020001010000FF", "2:01")]
    [InlineData("000200010100", null)]
    [InlineData("0002000101000000FFFFFFFF", null)]
    [InlineData("00020004010203", null)]
    [InlineData("0002FFFF", null)]
    [InlineData("000200", null)]
    [InlineData("", null)]
    public void PasswordAlgorithm_Value_IsReadOrMalformed(string value, string? expected)
    {
        ReferenceValue<ReferencePasswordAlgorithm> read = Decode(Attribute(0x001D, value)).PasswordAlgorithm;
        Assert.Equal(expected is null ? Malformed : Present, read.Presence);
        if (expected is not null)
        {
            Assert.Equal(expected, Show(read.Value));
        }
    }

    [Theory]
    [InlineData("00010000", "1:")]
    [InlineData("0002000000010000", "2: 1:")]
    [InlineData("00020001AA00000000010000", "2:AA 1:")]
    [InlineData("0001000000020003AABBCC", "1: 2:AABBCC")]
    [InlineData("0001000000020003AABBCC00", "1: 2:AABBCC")]
    [InlineData("0001000000020005AABBCC00", null)]
    [InlineData("0001000000", null)]
    [InlineData("0001000000020000FFFF", null)]
    [InlineData("0001FFFF", null)]
    [InlineData("", null)]
    public void PasswordAlgorithms_Value_IsReadOrMalformed(string value, string? expected)
    {
        var read = new List<ReferencePasswordAlgorithm> { default };
        Assert.Equal(expected is null ? Malformed : Present, Decode(Attribute(0x8002, value)).ReadPasswordAlgorithms(read));
        Assert.Equal(expected ?? string.Empty, string.Join(' ', read.Select(Show)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Userhash_Length_IsExact(int length, bool fits)
    {
        Assert.Equal(fits ? Present : Malformed, Decode(Attribute(0x001E, Zeros(length))).Userhash.Presence);
    }

    [Theory]
    [InlineData("FFFFFFFE", 0xFFFFFFFE, Present)]
    [InlineData("FFFFFF", 0, Malformed)]
    [InlineData("FFFFFFFFFF", 0, Malformed)]
    public void CacheTimeout_Value_IsReadOrMalformed(string value, uint seconds, ReferencePresence presence)
    {
        Assert.Equal(new ReferenceValue<uint>(presence, seconds), Decode(Attribute(0x8027, value)).CacheTimeout);
    }

    [Theory]
    [InlineData("00000006", true, true, Present)]
    [InlineData("FFFFFFFD", true, false, Present)]
    [InlineData("00000002", false, true, Present)]
    [InlineData("00000600", false, false, Present)]
    [InlineData("000006", false, false, Malformed)]
    [InlineData("0000000600", false, false, Malformed)]
    public void ChangeRequest_Value_IsReadOrMalformed(string value, bool ip, bool port, ReferencePresence presence)
    {
        Assert.Equal(
            new ReferenceValue<ReferenceChangeRequest>(presence, new ReferenceChangeRequest(ip, port)),
            Decode(Attribute(0x0003, value)).ChangeRequest);
    }

    [Theory]
    [InlineData("0D96", 3478, Present)]
    [InlineData("0D96FFFF", 3478, Present)]
    [InlineData("0000", 0, Malformed)]
    [InlineData("00000D96", 0, Malformed)]
    [InlineData("0D9600", 0, Malformed)]
    [InlineData("0D", 0, Malformed)]
    [InlineData("0D96000000", 0, Malformed)]
    public void ResponsePort_Value_IsReadOrMalformed(string value, int port, ReferencePresence presence)
    {
        Assert.Equal(new ReferenceValue<int>(presence, port), Decode(Attribute(0x0027, value)).ResponsePort);
    }

    [Theory]
    [InlineData("turn.example.org", true)]
    [InlineData("!~", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\u007f", false)]
    [InlineData("\u00e9", false)]
    public void AlternateDomain_Value_IsVisibleAscii(string name, bool fits)
    {
        string value = Convert.ToHexString(Encoding.Latin1.GetBytes(name));
        Assert.Equal(fits ? Present : Malformed, Decode(Attribute(0x8003, value)).AlternateDomain.Presence);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void AlternateDomain_Length_IsBounded(int length, bool fits)
    {
        string value = string.Concat(Enumerable.Repeat("61", length));
        Assert.Equal(fits ? Present : Malformed, Decode(Attribute(0x8003, value)).AlternateDomain.Presence);
    }

    [Fact]
    public void Read_Duplicates_FirstDecides()
    {
        Assert.Equal(Malformed, Decode(Attribute(0x001E, "00"), Attribute(0x001E, Zeros(32))).Userhash.Presence);
        Assert.Equal(3478, Decode(Attribute(0x0027, "0D96"), Attribute(0x0027, "0D97")).ResponsePort.Value);
    }

    [Fact]
    public void Read_NothingThere_IsAbsent()
    {
        ReferenceMessage message = Decode();
        Assert.Equal(ReferencePresence.Absent, message.MappedAddress.Presence);
        Assert.Equal(ReferencePresence.Absent, message.ErrorCode.Presence);
        Assert.Equal(ReferencePresence.Absent, message.ReadPasswordAlgorithms([]));
        Assert.Equal(ReferencePresence.Absent, message.Fingerprint.Presence);
        Assert.False(message.FingerprintOk);
        Assert.False(message.MessageIntegrityOk([]));
        Assert.False(message.MessageIntegritySha256Ok([]));
    }

    [Theory]
    [InlineData("obMatJos2AAAA", 0)]
    [InlineData("obMatJos2AAAC", 2)]
    [InlineData("obMatJos2AAABrest", 1)]
    [InlineData("obMatJos2gAAA", 0x800000)]
    [InlineData("obMatJos2+/+/", 0xFBFFBF)]
    [InlineData("obMatJos2AAA", null)]
    [InlineData("obMatJos2AAA=", null)]
    [InlineData("obMatJos2AA-_", null)]
    [InlineData("obmatjos2AAAA", null)]
    [InlineData(" obMatJos2AAAA", null)]
    [InlineData("", null)]
    public void Nonce_Cookie_GivesTheSecurityFeatures(string nonce, int? features)
    {
        Assert.Equal(features, ReferenceNonce.Read(Encoding.ASCII.GetBytes(nonce)));
    }

    private static string Show(ReferencePasswordAlgorithm algorithm) =>
        $"{algorithm.Number}:{Convert.ToHexString(algorithm.Parameters.ToArray())}";

    private static ReferenceMessage Decode(params string[] attributes)
    {
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(Message(attributes), acceptClassic: false, out ReferenceMessage? message));
        return message!;
    }
}
