using System;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class AttributeReadingTests
{
    [Fact]
    public void Read_Absent_SaysSoWithoutAValue()
    {
        StunMessage.Decode(Wire.Message(), out StunMessage message);
        foreach ((string name, AttributeReader read) in AttributeReaders.All)
        {
            Assert.Equal(name + StunAttributeStatus.Absent, name + read(message));
        }
    }

    // RFC 8489 section 14: of attributes that occur twice the first counts, also where it is the malformed one.
    [Fact]
    public void Read_TwoOccurrences_FirstCounts()
    {
        byte[] bytes = Wire.Message(
            Wire.Attribute(0x8022, "first"),
            Wire.Attribute(0x0001, Wire.Hex("00018055c0000201")),
            Wire.Attribute(0x8022, "second"),
            Wire.Attribute(0x0001, Wire.Hex("00010001c0000202")),
            Wire.Attribute(0x0009, Wire.Hex("00000200")),
            Wire.Attribute(0x0009, Wire.Hex("00000400")));
        StunMessage.Decode(bytes, out StunMessage message);

        message.ReadSoftware(out ReadOnlySpan<byte> software);
        message.ReadMappedAddress(out TransportAddress address);

        Assert.Equal("first", Encoding.ASCII.GetString(software));
        Assert.Equal("192.0.2.1:32853", address.ToString());
        Assert.Equal(StunAttributeStatus.Malformed, message.ReadErrorCode(out _, out _));
    }

    [Fact]
    public void ReadOtherAddress_ChangedAddressInItsPlace_IsAbsent()
    {
        // RFC 5780 section 7.4 says that the two have one number, its section 7 and IANA that OTHER-ADDRESS is 0x802C.
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x0005, Wire.Hex("00018055c0000201"))), out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadChangedAddress(out _));
        Assert.Equal(StunAttributeStatus.Absent, message.ReadOtherAddress(out _));
    }

    [Fact]
    public void ReadErrorCode_ReservedBits_AreIgnored()
    {
        StunMessage.Decode(Wire.Message(0x0111, Wire.Attribute(0x0009, Wire.Hex("fffffc14 6f6f7073"))), out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        Assert.Equal("oops", Encoding.ASCII.GetString(reason));
    }

    [Fact]
    public void ReadChangeRequest_OtherBits_AreIgnored()
    {
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x0003, Wire.Hex("fffffffd"))), out StunMessage message);
        message.ReadChangeRequest(out ChangeRequestFlags flags);
        Assert.Equal(ChangeRequestFlags.ChangeIP, flags);
    }

    [Theory]
    [InlineData("0d96", 3478)]
    [InlineData("0d960000", 3478)]
    [InlineData("ffffa5a5", 65535)]
    public void ReadResponsePort_PaddingCountedOrNot_IsThePort(string hex, int expected)
    {
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x0027, Wire.Hex(hex))), out StunMessage message);
        message.ReadResponsePort(out int port);
        Assert.Equal(expected, port);
    }

    [Fact]
    public void ReadCacheTimeout_Value_IsSeconds()
    {
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x8027, Wire.Hex("ffffffff"))), out StunMessage message);
        message.ReadCacheTimeout(out uint seconds);
        Assert.Equal(uint.MaxValue, seconds);
    }

    [Fact]
    public void ReadUnknownAttributes_ListOfThree_IsReadInOrder()
    {
        StunMessage.Decode(Wire.Message(0x0111, Wire.Attribute(0x000A, Wire.Hex("7fff 0000 0006"))), out StunMessage message);
        message.ReadUnknownAttributes(out UnknownAttributeList types);
        Assert.Equal(3, types.Count);
        Assert.Equal((StunAttributeType)0x7FFF, types[0]);
        Assert.Equal((StunAttributeType)0, types[1]);
        Assert.Equal(StunAttributeType.Username, types[2]);
    }

    // RFC 8489 section 9.2.5: the first algorithm of the list that the client supports.
    [Theory]
    [InlineData("00020000 00010000", 2, StunPasswordAlgorithm.Sha256)]
    [InlineData("00010000 00020000", 2, StunPasswordAlgorithm.Md5)]
    [InlineData("00ff0005 aabbccddee000000 00020000", 2, StunPasswordAlgorithm.Sha256)]
    [InlineData("00020004 00000000 00010000", 2, StunPasswordAlgorithm.Md5)]
    [InlineData("00000000 00010000", 2, StunPasswordAlgorithm.Md5)]
    [InlineData("00030000", 1, null)]
    [InlineData("00010001 00000000", 1, null)]
    public void PasswordAlgorithms_Choose_TakesTheFirstThatIsKnownAndPlain(string hex, int count, StunPasswordAlgorithm? expected)
    {
        StunMessage.Decode(Wire.Message(0x0111, Wire.Attribute(0x8002, Wire.Hex(hex))), out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadPasswordAlgorithms(out PasswordAlgorithmList list));
        Assert.Equal(count, list.Count);
        Assert.Equal(expected is not null, list.TryChoose(out StunPasswordAlgorithm chosen));
        Assert.Equal(expected ?? default, chosen);
        Assert.Equal(expected is not null, list.Contains(expected ?? StunPasswordAlgorithm.Md5));
        Assert.Equal(Wire.Hex(hex), list.Value.ToArray());
    }

    [Fact]
    public void ReadPasswordAlgorithm_Parameters_AreWithoutTheirPadding()
    {
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x001D, Wire.Hex("00ff0003 aabbccff"))), out StunMessage message);
        message.ReadPasswordAlgorithm(out StunPasswordAlgorithm algorithm, out ReadOnlySpan<byte> parameters);
        Assert.Equal((StunPasswordAlgorithm)0xFF, algorithm);
        Assert.Equal(Wire.Hex("aabbcc"), parameters.ToArray());
    }

    [Fact]
    public void CollectUnknownAttributes_ListFull_LeavesTheRestOut()
    {
        StunMessage.Decode(Wire.Message(Wire.Attribute(1, ""), Wire.Attribute(2, ""), Wire.Attribute(3, "")), out StunMessage message);
        StunAttributeType[] two = new StunAttributeType[2];
        Assert.Equal(2, message.CollectUnknownAttributes([], two));
        Assert.Equal([(StunAttributeType)1, (StunAttributeType)2], two);
        Assert.Equal(1, message.CollectUnknownAttributes([(StunAttributeType)1, (StunAttributeType)3], two));
        Assert.Equal((StunAttributeType)2, two[0]);
        Assert.Equal(0, message.CollectUnknownAttributes([], []));
    }

    // A classic message is XORed with what stands in the cookie's place.
    [Fact]
    public void ReadXorMappedAddress_ClassicMessage_TakesItsOwn128Bits()
    {
        byte[] bytes = Wire.Message(0x0101, Wire.Attribute(0x0020, Wire.Hex("0001a147 e112a643")));
        bytes[7] ^= 1;
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, StunDialect.AcceptClassic, out StunMessage message));
        Assert.True(message.IsClassic);
        message.ReadXorMappedAddress(out TransportAddress address);
        Assert.Equal("192.0.2.0", address.ToIPAddress().ToString());
    }
}
