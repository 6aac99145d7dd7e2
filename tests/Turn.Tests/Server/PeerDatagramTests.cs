using System;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Datagrams from peers (RFC 8656 sections 11.3, 12.5 and 12.7): exact bytes, and none written outside the message.</summary>
public sealed class PeerDatagramTests : IDisposable
{
    private const string ToAlice = " -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp";

    private readonly TurnServerRun _run = new();

    public PeerDatagramTests()
    {
        _run.Alice.AllocateDual().Expect(200);
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
    }

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 11.3: XOR-PEER-ADDRESS and DATA, in a message that is always padded (section 18.4).
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("abcde")]
    public void Datagram_NoChannel_ComesInAPaddedIndication(string data)
    {
        _run.FromPeer(1, Endpoints.Peer, data).Are($"Indication Data peer=5.6.7.8:7000 data={data}{ToAlice}", "next 600");
        TurnOutputs six = _run.FromPeer(2, Endpoints.Peer6, data);
        six.Are($"Indication Data peer=[2a00::8]:7000 data={data}{ToAlice}", "next 600");
        Assert.Equal(48 + ((data.Length + 3) & ~3), six.Reply.Length);
    }

    // The bytes, put together by hand from RFC 8656 section 11.3 and RFC 8489 section 14.2.
    [Fact]
    public void Datagram_NoChannel_IsTheseBytes()
    {
        byte[] message = _run.FromPeer(1, Endpoints.Peer, "hello").Reply;
        string id = Convert.ToHexString(message, 8, 12);
        Assert.Equal($"001700182112A442{id}00120008" + "00013A4A" + "2414A34A" + "00130005" + "68656C6C6F000000", Convert.ToHexString(message));
    }

    // RFC 8489 section 5: transaction ids are random and of their own. security.md V25.
    [Fact]
    public void Datagrams_TransactionIds_AreAllDifferent()
    {
        using var run = new TurnServerRun();
        using var random = new SeededRandom(3);
        var indication = new DataIndication(random);
        byte[] header = new byte[36];
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ =>
        {
            indication.WriteHeader(header, Endpoints.Peer, 0);
            return Convert.ToHexString(header, 8, 12);
        })];
        Assert.Equal(1000, ids.Distinct(StringComparer.Ordinal).Count());
    }

    // RFC 8656 section 12.5: over UDP no padding; the four bytes stand right in front of the data.
    [Theory]
    [InlineData("", "40000000")]
    [InlineData("a", "4000000161")]
    [InlineData("abc", "40000003616263")]
    [InlineData("abcd", "4000000461626364")]
    public void Datagram_ChannelOverUdp_IsNotPadded(string data, string expected)
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.Equal(expected, Convert.ToHexString(_run.FromPeer(1, Endpoints.Peer, data).Reply));
    }

    // RFC 8656 section 12.5: over TCP and TLS it MUST be padded, with what is in no other message. security.md V14.
    [Theory]
    [InlineData(StunTransport.Tcp, "", "40000000")]
    [InlineData(StunTransport.Tcp, "a", "4000000161000000")]
    [InlineData(StunTransport.Tls, "ab", "4000000261620000")]
    [InlineData(StunTransport.Tls, "abc", "4000000361626300")]
    [InlineData(StunTransport.Tcp, "abcd", "4000000461626364")]
    public void Datagram_ChannelOverAStream_IsPadded(StunTransport transport, string data, string expected)
    {
        using TurnTestClient client = _run.Client("bob", Endpoints.Bob, transport);
        client.Allocate().Expect(200);
        client.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.Equal(expected, Convert.ToHexString(_run.FromPeer(3, Endpoints.Peer, data).Reply));
    }

    // RFC 8656 section 11.3 with section 9. security.md T34.
    [Fact]
    public void Datagram_NoPermission_IsDropped()
    {
        _run.FromPeer(1, Endpoints.Of("5.6.7.9:7000"), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(2, Endpoints.Of("[2a00::9]:7000"), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // A permission is of one relayed address (section 6): those of the other family's socket do not count.
    [Fact]
    public void Datagram_AtTheOtherFamilysSocket_IsDropped()
    {
        _run.FromPeer(2, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(2, Endpoints.Of("[::ffff:5.6.7.8]:7000"), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(1, Endpoints.Peer6, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    [Fact]
    public void Datagram_UnknownRelay_IsDropped() => _run.FromPeer(99, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoAllocation, "next 600");

    // security.md T59: what does not fit the datagram to the client with its header is dropped, and counted.
    [Theory]
    [InlineData("198.51.100.8:1", StunTransport.Udp, false, 65468, true)]
    [InlineData("198.51.100.8:1", StunTransport.Udp, false, 65469, false)]
    [InlineData("198.51.100.8:1", StunTransport.Udp, true, 65503, true)]
    [InlineData("198.51.100.8:1", StunTransport.Udp, true, 65504, false)]
    [InlineData("[2001:db8:8::1]:1", StunTransport.Udp, true, 65507, true)]
    [InlineData("198.51.100.8:1", StunTransport.Tcp, true, 65507, true)]
    [InlineData("198.51.100.8:1", StunTransport.Tcp, false, 65507, true)]
    public void Datagram_LargerThanTheClientsPath_IsDropped(string address, StunTransport transport, bool channel, int length, bool relayed)
    {
        using TurnTestClient client = _run.Client("bob", PeerAddresses.EndPoint(address), transport);
        client.Allocate().Expect(200);
        (channel ? client.Bind(0x4000, Endpoints.Peer) : client.Permit(Endpoints.Peer)).Expect(200);
        TurnOutputs outputs = _run.FromPeer(3, Endpoints.Peer, new byte[length]);
        Assert.Equal(relayed ? TurnServerDisposition.Relayed : TurnServerDisposition.TooLarge, outputs.Disposition);
        client.Refresh(0).Expect(200);
        RelayTraffic traffic = Assert.IsType<AllocationEnded>(_run.LastEvent).Traffic;
        Assert.Equal(relayed ? new RelayTraffic(0, 0, 1, length, 0) : new RelayTraffic(0, 0, 0, 0, 1), traffic);
    }

    // What peers and clients are refused is counted for the audit, by the allocation that it concerned.
    [Fact]
    public void Traffic_IsCountedByDirection()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.OnChannel(0x4000, "12345");
        _run.Alice.Send(Endpoints.Peer6, "123");
        _run.FromPeer(1, Endpoints.Peer, "1");
        _run.FromPeer(2, Endpoints.Peer6, "12");
        _run.FromPeer(1, Endpoints.Of("9.9.9.9:7000"), "x");
        _run.Alice.Send(Endpoints.Of("9.9.9.9:7000"), "x");
        _run.Alice.OnChannel(0x4001, "x");
        _run.Alice.Refresh(0).Expect(200);
        Assert.Equal(new RelayTraffic(2, 8, 2, 3, 3), Assert.IsType<AllocationEnded>(_run.LastEvent).Traffic);
    }

    // security.md T21: two allocations of one server reach each other, and only while both live and permit it.
    [Fact]
    public void Relays_OfOneServer_ReachEachOther()
    {
        using var run = new TurnServerRun();
        PeerAddress alice = new(Assert.Single(run.Alice.Allocate().Relayed));
        PeerAddress bob = new(Assert.Single(run.Bob.Allocate().Relayed));
        run.Alice.Bind(0x4000, bob).Expect(200);
        run.Alice.OnChannel(0x4000, "x").Are($"1 -> {bob} 'x'", "next 600");
        run.FromPeer(2, alice, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        run.Bob.Permit(alice).Expect(200);
        run.FromPeer(2, alice, "x").Are($"Indication Data peer={alice} data=x -> 198.51.100.8:40000 -> 203.0.113.5:3478 Udp", "next 600");
        run.Bob.Send(alice, "y").Are($"2 -> {alice} 'y'", "next 600");
        run.Alice.Refresh(0).Expect(200);
        run.Bob.Send(alice, "y").AreSilent(TurnServerDisposition.ForbiddenPeer, "next 600");
        run.Bob.Bind(0x4000, alice).Are("403 ChannelBind MI", "next 600");
        run.Bob.Permit(alice).Expect(200);
    }

    // security.md T21 behind a 1:1 NAT: the address that peers are told counts.
    [Fact]
    public void Relays_BehindNat_ReachEachOtherByTheAddressOutside()
    {
        var inside = PeerAddresses.Address("10.0.0.4");
        using var run = new TurnServerRun(TurnServerRun.Options with
        {
            RelayAddresses = [new RelayAddress(inside, Endpoints.Relay)],
            Peers = new PeerAddressPolicy(new PeerAddressRules { LocalAddresses = [inside], RelayAddresses = [inside, Endpoints.Relay] }),
        });
        PeerAddress bob = new(Assert.Single(run.Bob.Allocate().Relayed));
        run.Alice.Allocate().Expect(200);
        run.Alice.Bind(0x4000, bob).Expect(200);
        run.Bob.Refresh(0).Expect(200);
        run.Alice.Bind(0x4001, new PeerAddress(bob.Value.WithPort(50001))).Expect(403);
        Assert.False(run.Resources.IsLiveRelay(bob.Value));
    }

    // RFC 8656 section 3: what comes from a peer goes as it is, whatever it looks like.
    [Fact]
    public void Datagram_ThatLooksLikeStunOrChannelData_GoesAsData()
    {
        byte[] stun = _run.Alice.Build(StunMethod.Refresh, static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.Zero));
        TurnOutputs outputs = _run.FromPeer(1, Endpoints.Peer, stun);
        Assert.Equal(stun, outputs.Find(StunAttributeType.Data));
        Assert.Equal(2, outputs.Lines.Count);
        _run.FromPeer(1, Endpoints.Peer, "@\0\0\u0001a").Are($"Indication Data peer=5.6.7.8:7000 data=@\0\0\u0001a{ToAlice}", "next 600");
        Assert.Equal(5, Encoding.UTF8.GetByteCount("@\0\0\u0001a"));
    }
}
