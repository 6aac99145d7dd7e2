using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>ChannelBind, and ChannelData from the client (RFC 8656 section 12).</summary>
public sealed class ChannelTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public ChannelTests() => _run.Alice.Allocate().Expect(200);

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 12.2: no attributes; a permission comes with it (section 12.1).
    [Fact]
    public void Bind_Peer_BindsAndPermits()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Are("200 ChannelBind MI", "next 600");
        _run.Alice.OnChannel(0x4000, "hello").Are("1 -> 5.6.7.8:7000 'hello'", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "hello").Are("0x4000 'hello'+0 -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
        _run.FromPeer(1, Endpoints.Of("5.6.7.8:7001"), "x").Are("Indication Data peer=5.6.7.8:7001 data=x -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
    }

    // RFC 8656 section 12: 0x4000 to 0x4FFF. security.md A21: the two reserved bytes are ignored.
    [Theory]
    [InlineData("40000000", 200)]
    [InlineData("4FFF0000", 200)]
    [InlineData("4000FFFF", 200)]
    [InlineData("3FFF0000", 400)]
    [InlineData("50000000", 400)]
    [InlineData("7FFF0000", 400)]
    [InlineData("FFFF0000", 400)]
    [InlineData("00000000", 400)]
    [InlineData("", 400)]
    [InlineData("4000", 400)]
    [InlineData("400000", 400)]
    [InlineData("4000000000", 400)]
    public void Bind_Number_IsJudged(string value, int code) => _run.Alice.Request(StunMethod.ChannelBind, (ref StunMessageWriter writer) =>
    {
        writer.Add(StunAttributeType.ChannelNumber, Convert.FromHexString(value));
        writer.AddXorPeerAddress(Endpoints.Peer.Value);
    }).Expect(code);

    // RFC 8656 section 12.2: both attributes.
    [Fact]
    public void Bind_AttributeMissing_Responds400()
    {
        _run.Alice.Request(StunMethod.ChannelBind).Are("400 ChannelBind MI", "next 600");
        _run.Alice.Request(StunMethod.ChannelBind, static (ref StunMessageWriter writer) => writer.AddChannelNumber(ChannelNumber.Min))
            .Are("400 ChannelBind MI", "next 600");
        _run.Alice.Request(StunMethod.ChannelBind, static (ref StunMessageWriter writer) => writer.AddXorPeerAddress(Endpoints.Peer.Value))
            .Are("400 ChannelBind MI", "next 600");
    }

    // security.md A05: a channel to port 0 leads nowhere.
    [Fact]
    public void Bind_PortZero_Responds400() => _run.Alice.Bind(0x4000, "5.6.7.8:0").Are("400 ChannelBind MI", "next 600");

    // RFC 8656 section 12.2, third and fourth check. security.md T29: nothing of it is changed.
    [Fact]
    public void Bind_NumberOrPeerBoundOtherwise_Responds400()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Bind(0x4000, "5.6.7.8:7001").Are("400 ChannelBind MI", "next 600");
        _run.Alice.Bind(0x4001, Endpoints.Peer).Are("400 ChannelBind MI", "next 600");
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Alice.OnChannel(0x4001, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
        _run.Alice.Bind(0x4001, "5.6.7.8:7001").Expect(200);
    }

    // RFC 8656 section 12: another port is another peer.
    [Fact]
    public void Bind_OtherPortOfThePeer_IsAnotherChannel()
    {
        _run.Alice.Bind(0x4000, "5.6.7.8:7000").Expect(200);
        _run.Alice.Bind(0x4001, "5.6.7.8:7001").Expect(200);
        _run.FromPeer(1, Endpoints.Of("5.6.7.8:7001"), "x").Are("0x4001 'x'+0 -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
    }

    // RFC 8656 section 12: bindings are of one allocation.
    [Fact]
    public void Bind_SameNumberInAnotherAllocation_IsIndependent()
    {
        _run.Bob.Allocate().Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Bob.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
        _run.Bob.Bind(0x4000, "5.6.7.9:1025").Expect(200);
        _run.Bob.OnChannel(0x4000, "x").Are("2 -> 5.6.7.9:1025 'x'", "next 600");
    }

    // RFC 8656 section 12: ten minutes, and ten more from each rebinding. The permission has to be kept by itself.
    [Fact]
    public void Channel_AfterTenMinutes_IsUnbound()
    {
        _run.Alice.Refresh(3600).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Skip(400);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Skip(599.999);
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 3600");
        _run.FromPeer(1, Endpoints.Peer, "y").AreSilent(TurnServerDisposition.NoPermission, "next 3600");
        _run.Skip(0.001);
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 3600");
    }

    // RFC 8656 section 12.6: ChannelData MUST NOT refresh the channel or the permission.
    [Fact]
    public void Channel_Data_RefreshesNothing()
    {
        _run.Alice.Refresh(3600).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        for (int i = 0; i < 599; i++)
        {
            _run.Skip(1);
            Assert.Equal(TurnServerDisposition.Relayed, _run.Alice.OnChannel(0x4000, "x").Disposition);
            TurnServerDisposition expected = i < 299 ? TurnServerDisposition.Relayed : TurnServerDisposition.NoPermission;
            Assert.Equal(expected, _run.FromPeer(1, Endpoints.Peer, "x").Disposition);
        }

        _run.Skip(1);
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 3600");
    }

    // RFC 8656 section 12: once unbound, number and peer are free; it is the client that waits. security.md T30.
    [Fact]
    public void Bind_AfterExpiry_NumberAndPeerAreFree()
    {
        _run.Alice.Refresh(3600).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Bind(0x4001, "5.6.7.8:7001").Expect(200);
        _run.Skip(600);
        _run.Alice.Bind(0x4000, "5.6.7.8:7001").Expect(200);
        _run.Alice.Bind(0x4001, Endpoints.Peer).Expect(200);
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7001 'x'", "next 3600");
        _run.FromPeer(1, Endpoints.Peer, "x").Are("0x4001 'x'+0 -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 3600");
    }

    // RFC 8656 section 11.3: without a channel a peer's data comes in indications again.
    [Fact]
    public void Channel_Expired_PeerDataComesInIndications()
    {
        _run.Alice.Refresh(3600).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Skip(600);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.FromPeer(1, Endpoints.Peer, "x").Are("Indication Data peer=5.6.7.8:7000 data=x -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 3600");
    }

    // RFC 8656 section 12.2. security.md T18.
    [Fact]
    public void Bind_OtherFamily_Responds443()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer6).Are("443 ChannelBind MI", "next 600");
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
    }

    // security.md T23: ports that relays are abused for.
    [Theory]
    [InlineData(22, 403)]
    [InlineData(53, 403)]
    [InlineData(80, 200)]
    [InlineData(123, 403)]
    [InlineData(161, 403)]
    [InlineData(443, 200)]
    [InlineData(1023, 403)]
    [InlineData(1024, 200)]
    [InlineData(1900, 403)]
    [InlineData(3702, 403)]
    [InlineData(5060, 403)]
    [InlineData(5061, 403)]
    [InlineData(5353, 403)]
    [InlineData(11211, 403)]
    public void Bind_Port_IsJudged(int port, int code)
    {
        PeerAddress peer = Endpoints.Of($"5.6.7.8:{port}");
        _run.Alice.Bind(0x4000, peer).Expect(code);
        _run.Alice.Permit(peer).Expect(200);
        Assert.Equal(code == 200 ? TurnServerDisposition.Relayed : TurnServerDisposition.ForbiddenPeer, _run.Alice.Send(peer, "x").Disposition);
    }

    // security.md section 2, T42: 64 of one allocation; refreshing one needs no room, and expired ones make some.
    [Fact]
    public void Channels_SixtyFifth_Responds508()
    {
        _run.Alice.Refresh(3600).Expect(200);
        for (int i = 0; i < 64; i++)
        {
            _run.Alice.Bind((ushort)(0x4000 + i), Endpoints.Of($"5.6.7.8:{2000 + i}")).Expect(200);
        }

        _run.Alice.Bind(0x4100, "5.6.7.8:9000").Are("508 ChannelBind MI", "next 3600");
        _run.Alice.OnChannel(0x4100, "x").AreSilent(TurnServerDisposition.NoChannel, "next 3600");
        _run.Alice.Bind(0x4000, "5.6.7.8:2000").Expect(200);
        _run.Skip(590);
        _run.Alice.Bind(0x4000, "5.6.7.8:2000").Expect(200);
        _run.Skip(10);
        _run.Alice.Bind(0x4100, "5.6.7.8:9000").Expect(200);
    }

    // security.md V39: of two peers the first counts.
    [Fact]
    public void Bind_TwoPeersAndNumbers_TakesTheFirst()
    {
        _run.Alice.Request(StunMethod.ChannelBind, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.AddChannelNumber(new ChannelNumber(0x4001));
            writer.AddXorPeerAddress(PeerAddresses.EndPoint("10.0.0.1:1"));
            writer.AddChannelNumber(new ChannelNumber(0x4002));
        }).Expect(200);
        _run.Alice.OnChannel(0x4001, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Alice.OnChannel(0x4002, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
    }

    [Fact]
    public void Bind_NoAllocation_Responds437() => _run.Bob.Bind(0x4000, Endpoints.Peer).Are("437 ChannelBind MI", "next 600");

    // RFC 8656 section 12.6: 0 is a length, and the datagram is sent. Over UDP padding may be there and is no data. security.md T33, A29.
    [Theory]
    [InlineData("", 0)]
    [InlineData("", 4)]
    [InlineData("a", 0)]
    [InlineData("a", 3)]
    [InlineData("abcd", 0)]
    [InlineData("abcde", 100)]
    public void ChannelData_Length_DecidesWhatIsRelayed(string data, int behind)
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.OnChannel(0x4000, data, behind).Are($"1 -> 5.6.7.8:7000 '{data}'", "next 600");
    }

    // RFC 8656 section 12.6. security.md V15, T32: a length above what was received reads nobody's bytes.
    [Theory]
    [InlineData("40000001", TurnServerDisposition.Malformed)]
    [InlineData("4000FFFF61", TurnServerDisposition.Malformed)]
    [InlineData("400000056162636", TurnServerDisposition.Malformed)]
    [InlineData("4000", TurnServerDisposition.Malformed)]
    [InlineData("40010001AA", TurnServerDisposition.NoChannel)]
    [InlineData("4FFF0001AA", TurnServerDisposition.NoChannel)]
    [InlineData("50000001AA", TurnServerDisposition.Malformed)]
    [InlineData("7FFF0001AA", TurnServerDisposition.Malformed)]
    [InlineData("80000001AA", TurnServerDisposition.Malformed)]
    [InlineData("FFFF0001AA", TurnServerDisposition.Malformed)]
    public void ChannelData_NotToBeRelayed_IsDropped(string message, TurnServerDisposition disposition)
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Receive(Convert.FromHexString(message.Length % 2 == 0 ? message : message[..^1]), _run.Alice.Path).AreSilent(disposition, "next 600");
    }

    [Fact]
    public void ChannelData_NoAllocation_IsDropped() => _run.Bob.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoAllocation, "next 600");

    // Larger than a datagram can be: only a stream can bring it.
    [Theory]
    [InlineData(65507, true)]
    [InlineData(65508, false)]
    [InlineData(65535, false)]
    public void ChannelData_LargerThanADatagram_IsDropped(int length, bool relayed)
    {
        using TurnTestClient tcp = _run.Client("bob", Endpoints.Bob, StunTransport.Tcp);
        tcp.Allocate().Expect(200);
        tcp.Bind(0x4000, Endpoints.Peer).Expect(200);
        TurnOutputs outputs = tcp.OnChannel(0x4000, new string('x', length), -length & 3);
        Assert.Equal(relayed ? TurnServerDisposition.Relayed : TurnServerDisposition.TooLarge, outputs.Disposition);
        Assert.Equal(relayed ? length : 0, outputs.Forward.Length);
    }

    // RFC 8656 section 14: ChannelData never asks for DF.
    [Theory]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public void ChannelData_NeverSetsDontFragment(StunTransport transport)
    {
        using TurnTestClient client = _run.Client("bob", Endpoints.Bob, transport);
        client.Allocate(static (ref StunMessageWriter writer) => writer.AddDontFragment()).Expect(200);
        client.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.False(client.OnChannel(0x4000, "abcd").Forward.DontFragment);
    }
}
