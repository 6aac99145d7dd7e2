using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>NATs beyond mapping and filtering: timeouts, address pools, hairpinning, nesting, changes during a session, ICMP.</summary>
public sealed class NatTests
{
    private readonly Simulator _simulator = new(5);
    private readonly VirtualHost _server;
    private readonly VirtualSocket _peer;

    public NatTests()
    {
        _server = _simulator.PublicHost("server", "198.51.100.1");
        _peer = _server.BindUdp(At("198.51.100.1:7000"));
    }

    // RFC 4787 section 4.3: outbound packets keep a mapping alive, inbound ones only where that is asked for.
    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    public void UdpMapping_Idle_ExpiresAfterItsTimeout(bool refreshesOnInbound, bool outbound, bool alive)
    {
        NatOptions options = NatOptions.PortRestricted with { UdpTimeout = Seconds(30), RefreshesOnInbound = refreshesOnInbound, Ports = NatPortAllocation.Sequential };
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", options, outside: "203.0.113.1");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        TransportAddress external = Seen(socket);
        _simulator.RunFor(Seconds(20));
        if (outbound)
        {
            Assert.Equal(external, Seen(socket));
        }
        else
        {
            _peer.Send(external, "in");
        }

        _simulator.RunFor(Seconds(20));
        _peer.Send(external, "late");
        _simulator.RunFor(Ms(1));
        Assert.Equal(alive, socket.Take().Any(static one => one.Text == "late"));
        Assert.Equal(alive, Seen(socket) == external);
        Assert.Equal(alive ? 1 : 2, nat.MappingsMade);
    }

    [Fact]
    public void Addresses_Paired_StayWithTheHost()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.Symmetric, outside: ["203.0.113.1", "203.0.113.2", "203.0.113.3"]);
        VirtualHost second = _simulator.CreateHost("second");
        second.AddInterface(nat.Inside.Network, "192.168.1.3");
        Assert.Single(ManyMappings(host, "192.168.1.2"));
        Assert.Single(ManyMappings(second, "192.168.1.3"));
        Assert.NotEqual(ManyMappings(host, "192.168.1.2"), ManyMappings(second, "192.168.1.3"));
    }

    [Fact]
    public void Addresses_Arbitrary_AreAllUsed()
    {
        NatOptions options = NatOptions.PortRestricted with { PairsAddresses = false };
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", options, outside: ["203.0.113.1", "203.0.113.2", "203.0.113.3"]);
        Assert.Equal(nat.ExternalAddresses, ManyMappings(host, "192.168.1.2").Order(Comparer<TransportAddress>.Create(static (a, b) => a.Bits.CompareTo(b.Bits))));
    }

    // RFC 4787 section 6 (REQ-9): the source of a hairpinned packet.
    [Theory]
    [InlineData(NatHairpinning.None, null)]
    [InlineData(NatHairpinning.ExternalSource, "203.0.113.1:5001")]
    [InlineData(NatHairpinning.InternalSource, "192.168.1.3:5001")]
    public void Hairpin_Source_IsAsConfigured(NatHairpinning hairpinning, string? source)
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.FullCone with { Hairpinning = hairpinning }, outside: "203.0.113.1");
        VirtualHost second = _simulator.CreateHost("second");
        second.AddInterface(nat.Inside.Network, "192.168.1.3");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        using VirtualSocket sender = second.BindUdp(At("192.168.1.3:5001"));
        TransportAddress external = Seen(socket);
        sender.Send(external, "hello");
        _simulator.RunFor(Ms(1));
        Assert.Equal(source is null ? [] : [("hello", At(source))], socket.Take());
        Assert.Equal(source is null ? 1 : 0, _simulator.CountOf(PacketFate.NotHairpinned));
    }

    [Fact]
    public void Hairpin_OwnFiltering_CountsForItToo()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost(
            "a", NatOptions.PortRestricted with { Hairpinning = NatHairpinning.ExternalSource }, outside: "203.0.113.1");
        VirtualHost second = _simulator.CreateHost("second");
        second.AddInterface(nat.Inside.Network, "192.168.1.3");
        using VirtualSocket a = host.BindUdp(At("192.168.1.2:5000"));
        using VirtualSocket b = second.BindUdp(At("192.168.1.3:5001"));
        TransportAddress ofA = Seen(a);
        TransportAddress ofB = Seen(b);
        a.Send(ofB, "filtered");
        _simulator.RunFor(Ms(1));
        b.Send(ofA, "in");
        _simulator.RunFor(Ms(1));
        a.Send(ofB, "in too");
        _simulator.RunFor(Ms(1));
        Assert.Equal([("in", ofB)], a.Take());
        Assert.Equal([("in too", ofA)], b.Take());
    }

    [Fact]
    public void CarrierGrade_TwoHomes_MeetByTheHairpinOfTheOuterNat()
    {
        Network carrier = _simulator.CreateNetwork("carrier");
        using VirtualSocket a = CarrierHost(carrier, "a", "100.64.0.2");
        using VirtualSocket b = CarrierHost(carrier, "b", "100.64.0.3");
        var outer = new NatRouter(
            "cgn", carrier, _simulator.Internet, NatOptions.PortRestricted with { Hairpinning = NatHairpinning.ExternalSource }, At("203.0.113.1"));
        TransportAddress ofA = Seen(a);
        TransportAddress ofB = Seen(b);
        Assert.True(ofA.HasSameAddress(ofB));
        Assert.Equal(2, outer.MappingCount);
        a.Send(ofB, "first");
        _simulator.RunFor(Ms(1));
        b.Send(ofA, "second");
        _simulator.RunFor(Ms(1));
        a.Send(ofB, "third");
        _simulator.RunFor(Ms(1));
        Assert.Equal([("second", ofB)], a.Take());
        Assert.Equal([("third", ofA)], b.Take());
    }

    [Fact]
    public void Rebind_LiveSession_GoesOnFromAnotherPort()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.PortRestricted, outside: "203.0.113.1");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        TransportAddress before = Seen(socket);
        nat.Rebind();
        TransportAddress after = Seen(socket);
        Assert.True(before.HasSameAddress(after));
        Assert.NotEqual(before.Port, after.Port);
        _peer.Send(before, "old");
        _peer.Send(after, "new");
        _simulator.RunFor(Ms(1));
        Assert.Equal("new", Assert.Single(socket.Take()).Text);

        nat.Flush();
        Assert.Equal(before, Seen(socket));
        nat.ReplaceExternalAddresses(At("203.0.113.9"));
        Assert.Equal(At("203.0.113.9:5000"), Seen(socket));
    }

    [Fact]
    public void Open_Port_LetsEverybodyIn()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.Symmetric, outside: "203.0.113.1");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        nat.Open(socket.Local, At("203.0.113.1:80"));
        _peer.Send(At("203.0.113.1:80"), "in");
        _simulator.RunFor(Ms(1));
        Assert.Equal([("in", _peer.Local)], socket.Take());
        Assert.Equal(At("203.0.113.1:80"), Seen(socket));
        nat.Flush();
        Assert.Equal(At("203.0.113.1:80"), Seen(socket));
        Assert.Throws<ArgumentException>(() => nat.Open(socket.Local, At("203.0.113.2:80")));
    }

    [Fact]
    public void Ports_AllTaken_DropWhatComesNext()
    {
        NatOptions options = NatOptions.Symmetric with { FirstPort = 2000, LastPort = 2009 };
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", options, outside: "203.0.113.1");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        for (int i = 0; i < 12; i++)
        {
            socket.Send(_peer.Local.WithPort(9000 + i), "x");
        }

        _simulator.RunFor(Ms(1));
        Assert.Equal(10, nat.MappingCount);
        Assert.Equal(2, _simulator.CountOf(PacketFate.NatFull));
        _simulator.RunFor(TimeSpan.FromMinutes(6));
        Assert.InRange(Seen(socket).Port, 2000, 2009);
    }

    [Fact]
    public void Mappings_UpToTheBound_AreKept()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.PortRestricted with { MaxMappings = 3 }, outside: "203.0.113.1");
        for (int i = 0; i < 5; i++)
        {
            host.BindUdp(At("192.168.1.2:0")).Send(_peer.Local, "x");
        }

        _simulator.RunFor(Ms(1));
        Assert.Equal(3, nat.MappingCount);
        Assert.Equal(3, _peer.Take().Count);
    }

    [Fact]
    public void Gateway_RewritingPayload_IsFoundByDiscovery()
    {
        (VirtualHost host, _) = _simulator.NattedHost("a", NatOptions.FullCone with { RewritesPayload = true }, outside: "203.0.113.1");
        VirtualHost stun = _simulator.PublicHost("stun", "198.51.100.3", "198.51.100.4");
        using var server = new VirtualStunServer(stun, new AlternateAddresses(At("198.51.100.3:3478"), At("198.51.100.4:3479")));
        NatReport report = NatDiscoveryProgram.Run(host, At("192.168.1.2"), At("198.51.100.3:3478"));
        Assert.True(report.GenericAlg);
        Assert.Equal(NatMapping.EndpointIndependent, report.Mapping);
    }

    [Fact]
    public void Lifetime_ByDiscovery_IsTheUdpTimeout()
    {
        (VirtualHost host, _) = _simulator.NattedHost("a", NatOptions.FullCone with { UdpTimeout = Seconds(47) }, outside: "203.0.113.1");
        VirtualHost stun = _simulator.PublicHost("stun", "198.51.100.3", "198.51.100.4");
        using var server = new VirtualStunServer(stun, new AlternateAddresses(At("198.51.100.3:3478"), At("198.51.100.4:3479")));
        NatReport report = NatDiscoveryProgram.Run(host, At("192.168.1.2"), At("198.51.100.3:3478"), new NatDiscoveryOptions { MeasureLifetime = true });
        Assert.True(report.LifetimeAtLeast <= Seconds(47) && report.LifetimeBelow >= Seconds(47), $"{report.LifetimeAtLeast} to {report.LifetimeBelow}");
    }

    [Fact]
    public void Icmp_ClosedPort_ComesBackThroughTheNats()
    {
        (VirtualHost host, NatRouter nat) = _simulator.NattedHost("a", NatOptions.FullCone, outside: "203.0.113.1");
        using VirtualSocket socket = host.BindUdp(At("192.168.1.2:5000"));
        var toHost = new List<(TransportAddress, UnreachableReason)>();
        var toPeer = new List<(TransportAddress, UnreachableReason)>();
        socket.Unreachable = (_, destination, reason) => toHost.Add((destination, reason));
        _peer.Unreachable = (_, destination, reason) => toPeer.Add((destination, reason));
        socket.Send(_peer.Local.WithPort(9), "closed");
        TransportAddress external = Seen(socket);
        Assert.Equal([(_peer.Local.WithPort(9), UnreachableReason.Port)], toHost);

        // The other way: the host's socket is closed, the mapping is not.
        socket.Dispose();
        _peer.Send(external, "closed");
        _simulator.RunFor(Ms(1));
        Assert.Equal([(external, UnreachableReason.Port)], toPeer);
        Assert.Equal(1, nat.MappingCount);
    }

    private static VirtualSocket CarrierHost(Network carrier, string name, string outside)
    {
        Network lan = carrier.Simulator.CreateNetwork($"{name}-lan");
        _ = new NatRouter($"{name}-nat", lan, carrier, NatOptions.PortRestricted, At(outside));
        VirtualHost host = carrier.Simulator.CreateHost(name);
        host.AddInterface(lan, "192.168.1.2");
        return host.BindUdp(At("192.168.1.2:5000"));
    }

    private TransportAddress Seen(VirtualSocket socket)
    {
        Assert.Equal(SendOutcome.Sent, socket.Send(_peer.Local, "probe"));
        _simulator.RunFor(Ms(1));
        return Assert.Single(_peer.Take()).From;
    }

    private List<TransportAddress> ManyMappings(VirtualHost host, string address)
    {
        var seen = new HashSet<TransportAddress>();
        for (int i = 0; i < 30; i++)
        {
            using VirtualSocket socket = host.BindUdp(At(address));
            seen.Add(Seen(socket).WithPort(0));
        }

        return [.. seen];
    }
}
