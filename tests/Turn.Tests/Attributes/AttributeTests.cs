using System;
using System.Globalization;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Every attribute of RFC 8656 section 18 and RFC 6062 section 6.2: exact bytes both ways, all lengths at a tight end, reserved bits.</summary>
public sealed class AttributeTests
{
    private static readonly TransportAddress IPv4 = PeerAddresses.EndPoint("192.0.2.1:32853");
    private static readonly TransportAddress IPv6 = PeerAddresses.EndPoint("[2001:db8:1234:5678:11:2233:4455:6677]:32853");

    // The masked addresses are those of RFC 5769 sections 2.2 and 2.3.
    public static TheoryData<string, string> Written => new()
    {
        { "000C000440000000", nameof(ChannelNumberAttribute) },
        { "000D000400000258", nameof(LifetimeAttribute) },
        { "001200080001A147E112A643", nameof(XorPeerAddressAttribute) },
        { "001200140002A1470113A9FAA5D3F179BC25F4B5BED2B9D9", nameof(XorPeerAddressAttribute) + "6" },
        { "00130003616263" + "00", nameof(DataAttribute) },
        { "00130000", nameof(DataAttribute) + "0" },
        { "001600080001A147E112A643", nameof(XorRelayedAddressAttribute) },
        { "001600140002A1470113A9FAA5D3F179BC25F4B5BED2B9D9", nameof(XorRelayedAddressAttribute) + "6" },
        { "0017000402000000", nameof(RequestedAddressFamilyAttribute) },
        { "0018000180000000", nameof(EvenPortAttribute) + "1" },
        { "0018000100000000", nameof(EvenPortAttribute) + "0" },
        { "0019000411000000", nameof(RequestedTransportAttribute) },
        { "001A0000", nameof(DontFragmentAttribute) },
        { "002200080123456789ABCDEF", nameof(ReservationTokenAttribute) },
        { "002A0004DEADBEEF", nameof(ConnectionIdAttribute) },
        { "8000000402000000", nameof(AdditionalAddressFamilyAttribute) },
        { "8001000402000428", nameof(AddressErrorCodeAttribute) + "440" },
        { "8001000401000508", nameof(AddressErrorCodeAttribute) + "508" },
        { "8004000800000304000005DC", nameof(IcmpAttribute) },
    };

    // Attribute, value, what is read; null where it is malformed. Reserved bits are set: they MUST be ignored.
    public static TheoryData<StunAttributeType, string, string?> Read => new()
    {
        { StunAttributeType.ChannelNumber, "4000FFFF", "0x4000" },
        { StunAttributeType.ChannelNumber, "FFFF0000", "0xFFFF" },
        { StunAttributeType.Lifetime, "00000000", "0" },
        { StunAttributeType.Lifetime, "FFFFFFFF", "4294967295" },
        { StunAttributeType.RequestedAddressFamily, "01FFFFFF", "1" },
        { StunAttributeType.RequestedAddressFamily, "FF000000", "255" },
        { StunAttributeType.AdditionalAddressFamily, "02FFFFFF", "2" },
        { StunAttributeType.AdditionalAddressFamily, "00000002", "0" },
        { StunAttributeType.RequestedTransport, "11FFFFFF", "17" },
        { StunAttributeType.RequestedTransport, "06000000", "6" },
        { StunAttributeType.RequestedTransport, "FF000000", "255" },
        { StunAttributeType.ConnectionId, "DEADBEEF", "3735928559" },
        { StunAttributeType.EvenPort, "80", "True" },
        { StunAttributeType.EvenPort, "FF", "True" },
        { StunAttributeType.EvenPort, "7F", "False" },
        { StunAttributeType.EvenPort, "00", "False" },
        { StunAttributeType.DontFragment, "", "" },
        { StunAttributeType.ReservationToken, "0123456789ABCDEF", "81985529216486895" },
        { StunAttributeType.ReservationToken, "FFFFFFFFFFFFFFFF", "18446744073709551615" },
        { StunAttributeType.Icmp, "FFFF03040000057C", "3/4/1404" },
        { StunAttributeType.Icmp, "0000FFFFFFFFFFFF", "255/255/4294967295" },
        { StunAttributeType.XorPeerAddress, "0001A147E112A643", "192.0.2.1:32853" },
        { StunAttributeType.XorPeerAddress, "FF01A147E112A643", "192.0.2.1:32853" },
        { StunAttributeType.XorPeerAddress, "0002A1470113A9FAA5D3F179BC25F4B5BED2B9D9", "[2001:db8:1234:5678:11:2233:4455:6677]:32853" },
        { StunAttributeType.XorPeerAddress, "00012112E112A643", "192.0.2.1:0" },
        { StunAttributeType.XorPeerAddress, "0000A147E112A643", null },
        { StunAttributeType.XorPeerAddress, "0003A147E112A643", null },
        { StunAttributeType.XorPeerAddress, "00FFA147E112A643", null },
        { StunAttributeType.XorPeerAddress, "0002A147E112A643", null },
        { StunAttributeType.XorPeerAddress, "0001A1470113A9FAA5D3F179BC25F4B5BED2B9D9", null },
        { StunAttributeType.XorRelayedAddress, "0001A147E112A643", "192.0.2.1:32853" },
        { StunAttributeType.XorRelayedAddress, "0003A147E112A643", null },
        { StunAttributeType.Data, "", "" },
        { StunAttributeType.Data, "616263", "616263" },
        { StunAttributeType.AddressErrorCode, "02000428", "2/440/" },
        { StunAttributeType.AddressErrorCode, "02FFFC28", "2/440/" },
        { StunAttributeType.AddressErrorCode, "010005087F4E6F", "1/508/7F4E6F" },
        { StunAttributeType.AddressErrorCode, "FF000300", "255/300/" },
        { StunAttributeType.AddressErrorCode, "01000663", "1/699/" },
        { StunAttributeType.AddressErrorCode, "01000128", null },
        { StunAttributeType.AddressErrorCode, "01000228", null },
        { StunAttributeType.AddressErrorCode, "01000028", null },
        { StunAttributeType.AddressErrorCode, "01000728", null },
        { StunAttributeType.AddressErrorCode, "01000464", null },
        { StunAttributeType.AddressErrorCode, "010004FF", null },
    };

    // RFC 8656 section 18 by attribute: the length that is right, or none where any is.
    public static TheoryData<StunAttributeType, int> Lengths => new()
    {
        { StunAttributeType.ChannelNumber, 4 },
        { StunAttributeType.Lifetime, 4 },
        { StunAttributeType.RequestedAddressFamily, 4 },
        { StunAttributeType.AdditionalAddressFamily, 4 },
        { StunAttributeType.RequestedTransport, 4 },
        { StunAttributeType.ConnectionId, 4 },
        { StunAttributeType.EvenPort, 1 },
        { StunAttributeType.DontFragment, 0 },
        { StunAttributeType.ReservationToken, 8 },
        { StunAttributeType.Icmp, 8 },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Add_Value_IsTheseBytes(string expected, string attribute) => Assert.Equal(expected, AttributeWire.Write((ref StunMessageWriter writer) =>
    {
        switch (attribute)
        {
            case nameof(ChannelNumberAttribute):
                writer.AddChannelNumber(new ChannelNumber(0x4000));
                break;
            case nameof(LifetimeAttribute):
                writer.AddLifetime(TimeSpan.FromSeconds(600.9));
                break;
            case nameof(XorPeerAddressAttribute):
                writer.AddXorPeerAddress(IPv4);
                break;
            case nameof(XorPeerAddressAttribute) + "6":
                writer.AddXorPeerAddress(IPv6);
                break;
            case nameof(DataAttribute):
                writer.AddData("abc"u8);
                break;
            case nameof(DataAttribute) + "0":
                writer.AddData([]);
                break;
            case nameof(XorRelayedAddressAttribute):
                writer.AddXorRelayedAddress(IPv4);
                break;
            case nameof(XorRelayedAddressAttribute) + "6":
                writer.AddXorRelayedAddress(IPv6);
                break;
            case nameof(RequestedAddressFamilyAttribute):
                writer.AddRequestedAddressFamily(StunAddressFamily.IPv6);
                break;
            case nameof(EvenPortAttribute) + "1":
                writer.AddEvenPort(reserveNext: true);
                break;
            case nameof(EvenPortAttribute) + "0":
                writer.AddEvenPort(reserveNext: false);
                break;
            case nameof(RequestedTransportAttribute):
                writer.AddRequestedTransport(RelayProtocol.Udp);
                break;
            case nameof(DontFragmentAttribute):
                writer.AddDontFragment();
                break;
            case nameof(ReservationTokenAttribute):
                writer.AddReservationToken(new ReservationToken(0x0123456789ABCDEF));
                break;
            case nameof(ConnectionIdAttribute):
                writer.AddConnectionId(new ConnectionId(0xDEADBEEF));
                break;
            case nameof(AdditionalAddressFamilyAttribute):
                writer.AddAdditionalAddressFamily(StunAddressFamily.IPv6);
                break;
            case nameof(AddressErrorCodeAttribute) + "440":
                writer.AddAddressErrorCode(StunAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported);
                break;
            case nameof(AddressErrorCodeAttribute) + "508":
                writer.AddAddressErrorCode(StunAddressFamily.IPv4, StunErrorCode.InsufficientCapacity);
                break;
            default:
                writer.AddIcmp(new IcmpError(3, 4, 1500));
                break;
        }
    }));

    [Theory]
    [MemberData(nameof(Read))]
    public void Read_Value_IsThis(StunAttributeType type, string value, string? expected)
        => Assert.Equal(
            (expected is null ? StunAttributeStatus.Malformed : StunAttributeStatus.Present, expected),
            Reading(AttributeWire.Message(type, Convert.FromHexString(value)), type));

    // security.md A01, V22: 0 to 8 and more, with nothing behind them.
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Read_Length_IsPresentOrMalformed(StunAttributeType type, int right)
    {
        for (int length = 0; length <= 21; length++)
        {
            StunAttributeStatus status = Reading(AttributeWire.Message(type, new byte[length]), type).Status;
            Assert.Equal(length == right ? StunAttributeStatus.Present : StunAttributeStatus.Malformed, status);
        }

        Assert.Equal(StunAttributeStatus.Absent, Reading(AttributeWire.Empty(), type).Status);
    }

    [Theory]
    [InlineData(StunAttributeType.XorPeerAddress)]
    [InlineData(StunAttributeType.XorRelayedAddress)]
    public void Read_AddressOfAnyLength_IsPresentOrMalformed(StunAttributeType type)
    {
        for (int length = 0; length <= 24; length++)
        {
            byte[] value = new byte[length];
            if (length > 1)
            {
                value[1] = (byte)(length == 20 ? 2 : 1);
            }

            StunAttributeStatus status = Reading(AttributeWire.Message(type, value), type).Status;
            Assert.Equal(length is 8 or 20 ? StunAttributeStatus.Present : StunAttributeStatus.Malformed, status);
        }

        Assert.Equal(StunAttributeStatus.Absent, Reading(AttributeWire.Empty(), type).Status);
    }

    // RFC 8656 section 18.12: up to 763 bytes of phrase.
    [Theory]
    [InlineData(0, StunAttributeStatus.Malformed)]
    [InlineData(1, StunAttributeStatus.Malformed)]
    [InlineData(3, StunAttributeStatus.Malformed)]
    [InlineData(4, StunAttributeStatus.Present)]
    [InlineData(5, StunAttributeStatus.Present)]
    [InlineData(8, StunAttributeStatus.Present)]
    [InlineData(767, StunAttributeStatus.Present)]
    [InlineData(768, StunAttributeStatus.Malformed)]
    public void Read_AddressErrorCodeOfAnyLength_IsPresentOrMalformed(int length, StunAttributeStatus expected)
    {
        byte[] value = new byte[length];
        if (length > 3)
        {
            value[2] = 4;
        }

        Assert.Equal(expected, Reading(AttributeWire.Message(StunAttributeType.AddressErrorCode, value), StunAttributeType.AddressErrorCode).Status);
    }

    [Fact]
    public void Read_Absent_IsAbsent()
    {
        foreach (StunAttributeType type in (StunAttributeType[])[StunAttributeType.Data, StunAttributeType.AddressErrorCode])
        {
            Assert.Equal(StunAttributeStatus.Absent, Reading(AttributeWire.Empty(), type).Status);
        }
    }

    // The caller's mistakes.
    [Fact]
    public void Add_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddLifetime(TimeSpan.FromSeconds(-1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddLifetime(TimeSpan.FromSeconds(1L << 32))));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddAddressErrorCode(StunAddressFamily.IPv4, (StunErrorCode)299)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddAddressErrorCode(StunAddressFamily.IPv4, (StunErrorCode)700)));
        Assert.Throws<ArgumentException>(() => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddXorPeerAddress(default)));
        Assert.Throws<ArgumentException>(() => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddXorRelayedAddress(default)));
        Assert.Throws<ArgumentException>(() => AttributeWire.Write(static (ref StunMessageWriter w) => w.AddData(new byte[3000])));
        Assert.Equal("000D0004FFFFFFFF", AttributeWire.Write(static (ref StunMessageWriter w) => w.AddLifetime(TimeSpan.FromSeconds(uint.MaxValue))));
    }

    [Theory]
    [InlineData(0x3FFF, false)]
    [InlineData(0x4000, true)]
    [InlineData(0x4FFF, true)]
    [InlineData(0x5000, false)]
    [InlineData(0x7FFF, false)]
    [InlineData(0xFFFF, false)]
    public void ChannelNumber_IsValid_IsTheRangeOfTheRfc(int value, bool valid) => Assert.Equal(valid, new ChannelNumber((ushort)value).IsValid);

    private static (StunAttributeStatus Status, string? Text) Reading(byte[] bytes, StunAttributeType type)
    {
        StunMessage message = AttributeWire.Decode(bytes);
        StunAttributeStatus status;
        FormattableString text;
        switch (type)
        {
            case StunAttributeType.ChannelNumber:
                status = message.ReadChannelNumber(out ChannelNumber number);
                text = $"{number}";
                break;
            case StunAttributeType.Lifetime:
                status = message.ReadLifetime(out uint seconds);
                text = $"{seconds}";
                break;
            case StunAttributeType.RequestedAddressFamily:
                status = message.ReadRequestedAddressFamily(out StunAddressFamily family);
                text = $"{(int)family}";
                break;
            case StunAttributeType.AdditionalAddressFamily:
                status = message.ReadAdditionalAddressFamily(out StunAddressFamily additional);
                text = $"{(int)additional}";
                break;
            case StunAttributeType.RequestedTransport:
                status = message.ReadRequestedTransport(out RelayProtocol protocol);
                text = $"{(int)protocol}";
                break;
            case StunAttributeType.ConnectionId:
                status = message.ReadConnectionId(out ConnectionId id);
                text = $"{id.Value}";
                break;
            case StunAttributeType.EvenPort:
                status = message.ReadEvenPort(out bool reserveNext);
                text = $"{reserveNext}";
                break;
            case StunAttributeType.DontFragment:
                status = message.ReadDontFragment();
                text = $"";
                break;
            case StunAttributeType.ReservationToken:
                status = message.ReadReservationToken(out ReservationToken token);
                text = $"{token.Value}";
                break;
            case StunAttributeType.Icmp:
                status = message.ReadIcmp(out IcmpError error);
                text = $"{error.Type}/{error.Code}/{error.ErrorData}";
                break;
            case StunAttributeType.XorPeerAddress:
                status = message.ReadXorPeerAddress(out TransportAddress peer);
                text = $"{peer}";
                break;
            case StunAttributeType.XorRelayedAddress:
                status = message.ReadXorRelayedAddress(out TransportAddress relayed);
                text = $"{relayed}";
                break;
            case StunAttributeType.Data:
                status = message.ReadData(out ReadOnlySpan<byte> data);
                text = $"{Convert.ToHexString(data)}";
                break;
            default:
                status = message.ReadAddressErrorCode(out StunAddressFamily missing, out StunErrorCode code, out ReadOnlySpan<byte> reason);
                text = $"{(int)missing}/{(int)code}/{Convert.ToHexString(reason)}";
                break;
        }

        return (status, status == StunAttributeStatus.Present ? text.ToString(CultureInfo.InvariantCulture) : null);
    }
}
