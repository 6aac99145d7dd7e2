using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>TCP: what it promises, over links and NATs that do not.</summary>
public sealed class ConnectionTests
{
    private readonly Simulator _simulator = new(9);
    private readonly VirtualHost _client;
    private readonly VirtualHost _server;
    private readonly List<VirtualConnection> _accepted = [];
    private readonly List<(string Who, string What, TimeSpan At)> _events = [];

    public ConnectionTests()
    {
        _client = _simulator.PublicHost("client", "203.0.113.1");
        _server = _simulator.PublicHost("server", "198.51.100.1");
        _client.Interfaces[0].Link.Both = LinkProfile.WithLatency(Ms(50));
    }

    [Fact]
    public void Connect_ToAListener_TakesOneRoundTrip()
    {
        Listen();
        VirtualConnection connection = Connect();
        Assert.True(connection.Send("hello"u8));
        _simulator.RunFor(Seconds(1));
        Assert.Equal([("client", "established", Ms(100)), ("server", "accepted", Ms(150)), ("server", "hello", Ms(150))], _events);
        Assert.Equal(Ms(100), connection.RoundTripTime);
        Assert.Equal(connection.Local, _accepted[0].Remote);
        Assert.Equal(0, connection.Pending);

        _accepted[0].Send("back"u8);
        _simulator.RunFor(Seconds(1));
        Assert.Equal(("client", "back", Ms(1050)), _events[^1]);
    }

    [Fact]
    public void Connect_ToAClosedPort_IsRefused()
    {
        VirtualConnection connection = Connect();
        _simulator.RunFor(Seconds(1));
        Assert.Equal([("client", "Refused", Ms(100))], _events);
        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.False(connection.Send("x"u8));
    }

    [Fact]
    public void Connect_IntoTheVoid_TimesOut()
    {
        _server.ReportsClosedPorts = false;
        Connect();
        _simulator.RunFor(TimeSpan.FromMinutes(3));
        Assert.Equal([("client", "TimedOut", Seconds(63))], _events);
        Assert.Equal(6, _simulator.CountOf(PacketFate.NoSocket));
        Assert.Null(_simulator.Next);
    }

    [Fact]
    public void Connect_ForbiddenByAFirewall_IsUnreachable()
    {
        Network office = _simulator.CreateNetwork("office");
        _ = new PlainRouter("fw", office, _simulator.Internet, Endpoint.ParsePrefix("192.0.2.0/24"))
        {
            Firewall = FirewallRules.Closed with { ReportsBlocked = true },
        };
        VirtualHost worker = _simulator.CreateHost("worker");
        worker.AddInterface(office, "192.0.2.1");
        VirtualConnection connection = worker.Connect(At("192.0.2.1"), At("198.51.100.1:80"));
        Watch("worker", connection);
        _simulator.RunFor(Seconds(1));
        Assert.Equal([("worker", "Unreachable", TimeSpan.Zero)], _events);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Stream_OverBadLinks_IsCompleteAndInOrder(double loss)
    {
        var bad = new LinkProfile
        {
            Latency = LatencyDistribution.Uniform(Ms(5), Ms(40)),
            Loss = loss,
            Duplication = 0.1,
            Reordering = 0.2,
            Mtu = 1300,
        };
        _client.Interfaces[0].Link.Both = bad;
        byte[] sent = new byte[300_000];
        _simulator.Random.GetBytes(sent);
        var received = new List<byte>();
        var back = new List<byte>();
        using VirtualListener listener = _server.Listen(At("198.51.100.1:80"));
        listener.Accepted = connection => connection.Received = (_, bytes) =>
        {
            received.AddRange(bytes);
            connection.Send(bytes);
        };
        VirtualConnection client = _client.Connect(At("203.0.113.1"), At("198.51.100.1:80"));
        client.Received = (_, bytes) => back.AddRange(bytes);
        for (int at = 0; at < sent.Length; at += 10_000)
        {
            Assert.True(client.Send(sent.AsSpan(at, 10_000)));
        }

        Assert.True(_simulator.RunUntil(() => back.Count >= sent.Length, TimeSpan.FromMinutes(20)), _simulator.ToString());
        Assert.Equal(sent, received);
        Assert.Equal(sent, back);
    }

    [Fact]
    public void Loss_OfOneSegment_CostsTimeAndNothingElse()
    {
        Listen();
        VirtualConnection connection = Connect();
        _simulator.RunFor(Seconds(1));
        _client.Interfaces[0].Link.IsCut = true;
        connection.Send("late"u8);
        _simulator.RunFor(Ms(10));
        _client.Interfaces[0].Link.IsCut = false;
        _simulator.RunFor(Seconds(2));
        TimeSpan took = _events[^1].At - Seconds(1);
        Assert.Equal("late", _events[^1].What);
        Assert.InRange(took, Ms(250), Ms(400));
    }

    [Fact]
    public void Close_AfterSending_DeliversAllAndEndsBothSides()
    {
        Listen();
        VirtualConnection connection = Connect();
        connection.Send(new byte[20_000]);
        _simulator.RunFor(Seconds(1));
        connection.Send("end"u8);
        connection.Close();
        Assert.False(connection.Send("more"u8));
        _simulator.RunFor(Seconds(5));
        Assert.Equal(["end", "ClosedByPeer"], _events.TakeLast(2).Select(static one => one.What));
        Assert.Equal((ConnectionState.Closed, ConnectionState.Closed), (connection.State, _accepted[0].State));
        Assert.Null(_simulator.Next);
        Assert.DoesNotContain(_events, static one => one is { Who: "client", What: not "established" });
    }

    [Fact]
    public void Abort_ResetsThePeer()
    {
        Listen();
        VirtualConnection connection = Connect();
        _simulator.RunFor(Seconds(1));
        connection.Abort();
        _simulator.RunFor(Seconds(1));
        Assert.Equal(("server", "Reset", Ms(1050)), _events[^1]);
    }

    [Fact]
    public void Peer_SilentForGood_TimesOut()
    {
        Listen();
        VirtualConnection connection = Connect();
        _simulator.RunFor(Seconds(1));
        _client.Interfaces[0].Link.IsCut = true;
        connection.Send("x"u8);
        _simulator.RunFor(TimeSpan.FromMinutes(20));
        Assert.Equal("TimedOut", _events[^1].What);
        Assert.Equal(ConnectionState.Established, _accepted[0].State);
    }

    [Fact]
    public void SimultaneousOpen_BothSidesMeet()
    {
        using VirtualListener unused = _client.Listen(At("203.0.113.1:1000"));
        VirtualConnection a = _client.Connect(At("203.0.113.1:1000"), At("198.51.100.1:2000"));
        VirtualConnection b = _server.Connect(At("198.51.100.1:2000"), At("203.0.113.1:1000"));
        Watch("client", a);
        Watch("server", b);
        a.Send("from a"u8);
        b.Send("from b"u8);
        _simulator.RunFor(Seconds(1));
        Assert.Equal((ConnectionState.Established, ConnectionState.Established), (a.State, b.State));
        Assert.Equal(
            ["client established", "client from b", "server established", "server from a"],
            _events.Select(static one => $"{one.Who} {one.What}").Order(StringComparer.Ordinal));
        Assert.Throws<InvalidOperationException>(() => _client.Connect(At("203.0.113.1:1000"), At("198.51.100.1:2000")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SimultaneousOpen_ThroughTwoNats_NeedsEndpointIndependentMappings(bool isSymmetric)
    {
        NatOptions options = isSymmetric ? NatOptions.Symmetric : NatOptions.PortRestricted;
        (VirtualHost left, NatRouter leftNat) = _simulator.NattedHost("left", options, outside: "192.0.2.1");
        (VirtualHost right, NatRouter rightNat) = _simulator.NattedHost("right", options, outside: "192.0.2.2");
        leftNat.Outside.Link.Both = rightNat.Outside.Link.Both = LinkProfile.WithLatency(Ms(20));
        VirtualConnection a = left.Connect(At("192.168.1.2:4000"), At("192.0.2.2:4000"));
        VirtualConnection b = right.Connect(At("192.168.1.2:4000"), At("192.0.2.1:4000"));
        _simulator.RunFor(Seconds(2));
        Assert.Equal(!isSymmetric, a.State == ConnectionState.Established && b.State == ConnectionState.Established);
    }

    [Theory]
    [InlineData(false, "TimedOut")]
    [InlineData(true, "Refused")]
    public void Nat_UnknownConnection_IsDroppedOrRejected(bool rejects, string expected)
    {
        (VirtualHost host, _) = _simulator.NattedHost("home", NatOptions.PortRestricted with { RejectsConnections = rejects }, outside: "192.0.2.1");
        using VirtualListener listener = host.Listen(At("192.168.1.2:80"));
        VirtualConnection connection = _client.Connect(At("203.0.113.1"), At("192.0.2.1:80"));
        Watch("client", connection);
        _simulator.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(expected, _events[^1].What);
    }

    [Fact]
    public void Nat_TcpMapping_LivesLongOnceTheConnectionStands()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("home", NatOptions.PortRestricted, outside: "192.0.2.1");
        Listen();
        VirtualConnection connection = host.Connect(At("192.168.1.2:1000"), At("198.51.100.1:80"));
        Watch("home", connection);
        _simulator.RunFor(TimeSpan.FromHours(2));
        _accepted[0].Send("still there"u8);
        _simulator.RunFor(Seconds(1));
        Assert.Equal("still there", _events[^1].What);
        nat.Flush();
        _accepted[0].Send("lost"u8);
        _simulator.RunFor(Seconds(1));
        Assert.Equal("still there", _events[^1].What);
        Assert.True(_simulator.CountOf(PacketFate.NoMapping) > 0);
    }

    [Fact]
    public void Backlog_Full_RefusesTheNext()
    {
        using VirtualListener listener = _server.Listen(At("198.51.100.1:80"));
        listener.Backlog = 2;
        listener.Accepted = _accepted.Add;
        VirtualConnection[] connections = [.. Enumerable.Range(0, 4).Select(_ => Connect())];
        _simulator.RunFor(Seconds(1));
        Assert.Equal(2, connections.Count(static one => one.State == ConnectionState.Established));
        Assert.Equal(2, _events.Count(static one => one.What == "Refused"));
        Assert.Equal(2, _accepted.Count);
    }

    private void Listen()
    {
        VirtualListener listener = _server.Listen(At("198.51.100.1:80"));
        listener.Accepted = connection =>
        {
            _events.Add(("server", "accepted", _simulator.Now.SinceOrigin));
            _accepted.Add(connection);
            Watch("server", connection);
        };
    }

    private VirtualConnection Connect()
    {
        VirtualConnection connection = _client.Connect(At("203.0.113.1"), At("198.51.100.1:80"));
        Watch("client", connection);
        return connection;
    }

    private void Watch(string who, VirtualConnection connection)
    {
        connection.Established = _ => _events.Add((who, "established", _simulator.Now.SinceOrigin));
        connection.Received = (_, bytes) => _events.Add((who, Encoding.UTF8.GetString(bytes), _simulator.Now.SinceOrigin));
        connection.Ended = (_, reason) => _events.Add((who, reason.ToString(), _simulator.Now.SinceOrigin));
    }
}
