using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Allocations for TCP, Connect, ConnectionBind and ConnectionAttempt (RFC 6062 section 5).</summary>
public sealed class TcpRelayTests : IDisposable
{
    private const string Control = " -> 198.51.100.7:40000 -> 203.0.113.5:3478 Tcp";

    private readonly TurnServerRun _run = new();
    private readonly TurnTestClient _alice;
    private readonly TurnTestClient _data;

    public TcpRelayTests()
    {
        _alice = _run.ControlOfAlice = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        _data = _run.Client("alice", Endpoints.Alice.WithPort(40001), StunTransport.Tcp);
    }

    public void Dispose()
    {
        _alice.Dispose();
        _data.Dispose();
        _run.Dispose();
    }

    // RFC 6062 section 5.1: a TCP relayed address, which accepts connections from then on.
    [Fact]
    public void Allocate_Tcp_Listens() => _alice.AllocateTcp().Are(
        "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 MI256",
        "created alice 203.0.113.1:49152 Tcp",
        "open 1 Tcp 203.0.113.1:49152",
        "next 600");

    // RFC 6062 section 5.1, exception 2.
    [Fact]
    public void Allocate_TcpOverUdp_Responds400() => _run.Alice.AllocateTcp().Are("400 Allocate MI", "next none");

    // RFC 6062 section 5.1, exception 3.
    [Fact]
    public void Allocate_TcpWithAttributesForUdp_Responds400()
    {
        _alice.AllocateTcp(static (ref StunMessageWriter writer) => writer.AddDontFragment()).Are("400 Allocate MI256", "next none");
        _alice.AllocateTcp(static (ref StunMessageWriter writer) => writer.AddEvenPort(reserveNext: false)).Are("400 Allocate MI256", "next none");
        _alice.AllocateTcp(static (ref StunMessageWriter writer) => writer.AddReservationToken(default)).Are("400 Allocate MI256", "next none");
    }

    [Fact]
    public void Allocate_TcpOfBothFamilies_Succeeds()
        => Assert.Equal(2, _alice.AllocateTcp(static (ref StunMessageWriter writer) => writer.AddAdditionalAddressFamily(StunAddressFamily.IPv6)).Relayed.Length);

    // RFC 6062 section 5.2: the answer comes when the connection stands, with CONNECTION-ID.
    [Fact]
    public void Connect_Accepted_IsAnsweredWithAnId()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer).Are("silent Pending", "Connect 00000001 1 5.6.7.8:7000", "next 30");
        _run.Skip(5);
        _run.Ask(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now) ? "kept" : "close")
            .Are("kept", "200 Connect connection=00000001 MI256" + Control, "next 35");
        _run.Ask(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now) ? "kept" : "close").Are("close", "next 35");
    }

    // RFC 6062 section 5.2: 447, and another try is no repetition.
    [Fact]
    public void Connect_Failed_Responds447()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer);
        _run.Do(server => server.HandlePeerConnectFailed(new ConnectionId(1), _run.Now)).Are("447 Connect MI256" + Control, "next 600");
        _run.Do(server => server.HandlePeerConnectFailed(new ConnectionId(1), _run.Now)).Are("next 600");
        _alice.Connect(Endpoints.Peer).Are("silent Pending", "Connect 00000002 1 5.6.7.8:7000", "next 30");
    }

    // RFC 6062 section 5.2: the timeout MUST be at least 30 seconds.
    [Fact]
    public void Connect_NotAcceptedInThirtySeconds_Responds447()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer);
        _run.Pass(29.999).Are("next 30");
        _run.Pass(0.001).Are("CloseConnection 00000001 1 5.6.7.8:7000", "447 Connect MI256" + Control, "next 600");
        _run.Ask(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now) ? "kept" : "close").Are("close", "next 600");
    }

    // RFC 6062 section 5.2: 446 while a connection to the peer is being made, pending or active; another port is another peer.
    [Fact]
    public void Connect_SamePeer_Responds446()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer);
        _alice.Connect(Endpoints.Peer).Are("446 Connect MI256", "next 30");
        _run.Do(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now));
        _alice.Connect(Endpoints.Peer).Are("446 Connect MI256", "next 30");
        _data.ConnectionBind(1).Expect(200);
        _alice.Connect(Endpoints.Peer).Are("446 Connect MI256", "next 600");
        _alice.Connect(Endpoints.Of("5.6.7.8:7001")).Are("silent Pending", "Connect 00000002 1 5.6.7.8:7001", "next 30");
        _run.Do(server => server.HandlePeerClosed(new ConnectionId(1), _run.Now)).Are("next 30");
        _alice.Connect(Endpoints.Peer).Are("silent Pending", "Connect 00000003 1 5.6.7.8:7000", "next 30");
    }

    // RFC 6062 section 5.2: 437 without an allocation, 400 without a good peer or on an allocation for UDP, 403 by policy.
    [Fact]
    public void Connect_NotToBeDone_IsRefused()
    {
        _alice.Connect(Endpoints.Peer).Are("437 Connect MI256", "next none");
        _alice.Allocate().Expect(200);
        _alice.Connect(Endpoints.Peer).Are("400 Connect MI256", "next 600");
        _alice.Refresh(0).Expect(200);
        _alice.AllocateTcp().Expect(200);
        _alice.Request(StunMethod.Connect).Are("400 Connect MI256", "next 600");
        _alice.Request(StunMethod.Connect, static (ref StunMessageWriter writer) => writer.Add(StunAttributeType.XorPeerAddress, [0, 1, 2]))
            .Are("400 Connect MI256", "next 600");
        _alice.Connect(Endpoints.Of("5.6.7.8:0")).Are("400 Connect MI256", "next 600");
        _alice.Connect(Endpoints.Peer6).Are("443 Connect MI256", "next 600");
    }

    // security.md V4, T15, T17, T20, T23: the same policy as everywhere.
    [Theory]
    [InlineData("127.0.0.1:7000")]
    [InlineData("10.0.0.1:80")]
    [InlineData("169.254.169.254:80")]
    [InlineData("203.0.113.5:3478")]
    [InlineData("203.0.113.1:49152")]
    [InlineData("5.6.7.8:25")]
    public void Connect_ForbiddenPeer_Responds403(string peer)
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Of(peer)).Are("403 Connect MI256", "next 600");
    }

    // security.md V38: bounded; and none is left over when they end.
    [Fact]
    public void Connect_ThirtyThird_Responds508()
    {
        _alice.AllocateTcp().Expect(200);
        for (int i = 0; i < 32; i++)
        {
            Assert.Equal(TurnServerDisposition.Pending, _alice.Connect(Endpoints.Of($"5.6.7.8:{7000 + i}")).Disposition);
        }

        _alice.Connect(Endpoints.Of("5.6.7.8:8000")).Are("508 Connect MI256", "next 30");
        _run.Do(server => server.HandlePeerConnectFailed(new ConnectionId(5), _run.Now));
        Assert.Equal(TurnServerDisposition.Pending, _alice.Connect(Endpoints.Of("5.6.7.8:8000")).Disposition);
    }

    // RFC 6062 section 5.4: from then on bytes go as they are; nothing times out any more.
    [Fact]
    public void ConnectionBind_Pending_Joins()
    {
        Connected();
        _data.ConnectionBind(1).Are(
            "200 ConnectionBind MI256",
            "Join 00000001 1 5.6.7.8:7000 with 198.51.100.7:40001 -> 203.0.113.5:3478 Tcp",
            "next 600");
    }

    // RFC 6062 section 5.2: 30 seconds for ConnectionBind.
    [Fact]
    public void ConnectionBind_AfterThirtySeconds_FindsNothing()
    {
        Connected();
        _run.Pass(29.999).Are("next 30");
        _run.Pass(0.001).Are("CloseConnection 00000001 1 5.6.7.8:7000", "next 600");
        _data.ConnectionBind(1).Are("400 ConnectionBind MI256", "next 600");
    }

    // RFC 6062 section 5.4: 400 for an id that is missing, unknown, not connected yet, or bound.
    [Fact]
    public void ConnectionBind_NothingPending_Responds400()
    {
        _alice.AllocateTcp().Expect(200);
        _data.Request(StunMethod.ConnectionBind).Are("400 ConnectionBind MI256", "next 600");
        _data.ConnectionBind(77).Are("400 ConnectionBind MI256", "next 600");
        _alice.Connect(Endpoints.Peer);
        _data.ConnectionBind(1).Are("400 ConnectionBind MI256", "next 30");
        _run.Do(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now));
        _data.ConnectionBind(1).Expect(200);
        using TurnTestClient other = _run.Client("alice", Endpoints.Alice.WithPort(40002), StunTransport.Tcp);
        other.ConnectionBind(1).Are("400 ConnectionBind MI256", "next 600");
    }

    // RFC 6062 section 5.4: over TCP or TLS only, and not on the control connection.
    [Fact]
    public void ConnectionBind_WrongConnection_Responds400()
    {
        Connected();
        _run.Bob.ConnectionBind(1).Are("400 ConnectionBind MI", "next 30");
        _alice.ConnectionBind(1).Are("400 ConnectionBind MI256", "next 30");
    }

    // security.md V30, V35: somebody else's connection is as unknown as one that does not exist.
    [Fact]
    public void ConnectionBind_OtherUser_Responds400()
    {
        Connected();
        using TurnTestClient bob = _run.Client("bob", Endpoints.Bob, StunTransport.Tcp);
        bob.ConnectionBind(1).Are("400 ConnectionBind MI256", "next 30");
        _data.ConnectionBind(1).Expect(200);
    }

    // A data connection carries one peer: a second request on it is refused, and the first pair stays.
    [Fact]
    public void ConnectionBind_OnABoundConnection_Responds400()
    {
        Connected();
        _alice.Connect(Endpoints.Of("5.6.7.8:7001"));
        _run.Do(server => server.HandlePeerConnected(new ConnectionId(2), _run.Now));
        _data.ConnectionBind(1).Expect(200);
        _data.ConnectionBind(2).Are("400 ConnectionBind MI256", "next 30");
    }

    // RFC 6062 section 5.3: XOR-PEER-ADDRESS and CONNECTION-ID; 30 seconds for ConnectionBind. security.md V26: the shard names the loop.
    [Fact]
    public void Accepted_PermittedPeer_IsAnnounced()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Permit(Endpoints.Peer).Expect(200);
        Accept(Endpoints.Peer).Are("connection 00000001", "Indication ConnectionAttempt peer=5.6.7.8:7000 connection=00000001" + Control, "next 30");
        _data.ConnectionBind(1).Are(
            "200 ConnectionBind MI256",
            "Join 00000001 1 5.6.7.8:7000 with 198.51.100.7:40001 -> 203.0.113.5:3478 Tcp",
            "next 600");
    }

    // RFC 6062 section 5.3: MUST close at once without a permission; nothing is sent to the client.
    [Fact]
    public void Accepted_PeerWithoutPermission_IsClosed()
    {
        _alice.AllocateTcp().Expect(200);
        Accept(Endpoints.Peer).Are("closed", "next 600");
        _alice.Permit(Endpoints.Peer).Expect(200);
        _run.Skip(300);
        Accept(Endpoints.Peer).Are("closed", "next 600");
        Accept(Endpoints.Peer, relay: 9).Are("closed", "next 600");
    }

    // RFC 6062 section 5.3: MUST be closed 30 seconds later.
    [Fact]
    public void Accepted_NotBoundInThirtySeconds_IsClosed()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Permit(Endpoints.Peer).Expect(200);
        Accept(Endpoints.Peer);
        _run.Pass(30).Are("CloseConnection 00000001 1 5.6.7.8:7000", "next 600");
    }

    // A peer has one connection, and the table is bounded for peers too.
    [Fact]
    public void Accepted_SamePeerOrTooMany_IsClosed()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Permit(Endpoints.Peer).Expect(200);
        Assert.StartsWith("connection", Accept(Endpoints.Peer).Lines[0], StringComparison.Ordinal);
        Accept(Endpoints.Peer).Are("closed", "next 30");
        for (int i = 1; i < 32; i++)
        {
            Assert.StartsWith("connection", Accept(Endpoints.Of($"5.6.7.8:{7000 + i}")).Lines[0], StringComparison.Ordinal);
        }

        Accept(Endpoints.Of("5.6.7.8:8000")).Are("closed", "next 30");
    }

    // RFC 6062 section 5.5: the client's data connection takes the peer's along.
    [Fact]
    public void DataConnection_ClosedByTheClient_ClosesThePeers()
    {
        Connected();
        _data.ConnectionBind(1).Expect(200);
        _run.Do(server => server.HandleClientClosed(_data.Path, _run.Now)).Are("CloseConnection 00000001 1 5.6.7.8:7000", "next 600");
        _run.Do(server => server.HandleClientClosed(_data.Path, _run.Now)).Are("next 600");
    }

    // RFC 6062 section 5.5: and the other way round, which the loop has done.
    [Fact]
    public void PeerConnection_Closed_IsForgotten()
    {
        Connected();
        _data.ConnectionBind(1).Expect(200);
        _run.Do(server => server.HandlePeerClosed(new ConnectionId(1), _run.Now)).Are("next 600");
        _run.Do(server => server.HandleClientClosed(_data.Path, _run.Now)).Are("next 600");
        _run.Do(server => server.HandlePeerClosed(new ConnectionId(1), _run.Now)).Are("next 600");
    }

    // RFC 6062 section 5.5: all data connections end with the allocation, however it ends.
    [Theory]
    [InlineData("Deleted")]
    [InlineData("Expired")]
    [InlineData("ConnectionLost")]
    [InlineData("Stopped")]
    public void Allocation_Ends_ClosesItsConnections(string reason)
    {
        Connected();
        _data.ConnectionBind(1).Expect(200);
        string[] expected =
        [
            "CloseConnection 00000001 1 5.6.7.8:7000",
            $"ended alice 203.0.113.1:49152 {reason}",
            "close 1",
            "next none",
        ];
        TurnOutputs outputs = reason switch
        {
            "Deleted" => _alice.Refresh(0),
            "Expired" => _run.Pass(600),
            "Stopped" => _run.Stop(),
            _ => _run.Do(server => server.HandleClientClosed(_alice.Path, _run.Now)),
        };
        Assert.Equal(expected, reason == "Deleted" ? outputs.From(1) : [.. outputs.Lines]);
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Sockets.OpenCount));
    }

    // An answer that was promised is not sent to a client who is gone.
    [Fact]
    public void Connect_AllocationEndsMeanwhile_IsNotAnswered()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer);
        _run.Do(server => server.HandleClientClosed(_alice.Path, _run.Now))
            .Are("CloseConnection 00000001 1 5.6.7.8:7000", "ended alice 203.0.113.1:49152 ConnectionLost", "close 1", "next none");
        _run.Ask(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now) ? "kept" : "close").Are("close", "next none");
    }

    // RFC 6062 section 3: an allocation for TCP has no channels and takes no Send indications.
    [Fact]
    public void TcpAllocation_DatagramMethods_AreRefused()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Permit(Endpoints.Peer).Expect(200);
        _alice.Bind(0x4000, Endpoints.Peer).Are("400 ChannelBind MI256", "next 600");
        _alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.Malformed, "next 600");
        _alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
    }

    // The first byte of the id names the loop, so that ConnectionBind finds it whichever loop has the new connection.
    [Fact]
    public void ConnectionId_Shard_IsItsFirstByte()
    {
        using var run = new TurnServerRun(shard: 0xC3);
        using TurnTestClient alice = run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        alice.AllocateTcp().Expect(200);
        Assert.Equal("Connect C3000001 1 5.6.7.8:7000", alice.Connect(Endpoints.Peer).Lines[1]);
    }

    private void Connected()
    {
        _alice.AllocateTcp().Expect(200);
        _alice.Connect(Endpoints.Peer);
        _run.Do(server => server.HandlePeerConnected(new ConnectionId(1), _run.Now));
    }

    private TurnOutputs Accept(PeerAddress peer, long relay = 1) => _run.Ask(server =>
        server.TryAcceptPeer(new RelayId(relay), peer, _run.Now, out ConnectionId id) ? $"connection {id.Value:X8}" : "closed");
}
