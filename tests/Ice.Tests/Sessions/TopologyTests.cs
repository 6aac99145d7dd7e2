using System;
using Stack.Simulation;
using Stack.Stun;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>Networks beyond the matrix.</summary>
public sealed class TopologyTests
{
    [Theory]
    [InlineData(NatHairpinning.ExternalSource)]
    [InlineData(NatHairpinning.None)]
    public void ConesBehindTheSameCone_ByHairpinning_AreDirectWhereTheNatTurnsBack(NatHairpinning hairpinning)
    {
        using var scenario = new IceScenario(traces: true);
        Network carrier = scenario.Simulator.CreateNetwork("carrier");
        var outer = new NatRouter("outer", carrier, scenario.Simulator.Internet, NatOptions.FullCone with { Hairpinning = hairpinning }, At("203.0.113.9"));
        outer.Outside.Link.Both = scenario.Link;
        scenario.Start(Behind(scenario, carrier, "left", 2), Behind(scenario, carrier, "right", 3), WithTurn);
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(hairpinning != NatHairpinning.None, IsDirect(scenario.Left));
        Assert.Equal(hairpinning != NatHairpinning.None, IsDirect(scenario.Right));
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Fact]
    public void Hosts_BehindTheSameNatThatDoesNotTurnBack_ConnectInside()
    {
        using var scenario = new IceScenario(traces: true);
        VirtualHost left = scenario.PlaceLeft(Access.Symmetric);
        VirtualHost right = scenario.Simulator.CreateHost("right");
        right.AddInterface(left.Interfaces[0].Network, "192.168.1.3");
        scenario.Start(left, right);
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(CandidateType.Host, scenario.Left.Agent.GetSelectedPair(0, 1)!.Remote.Type);
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>Both home networks use the same addresses: the check to the peer's host candidate finds somebody else, or oneself.</summary>
    [Theory]
    [InlineData("192.168.1.2")]
    [InlineData("192.168.1.3")]
    public void Nats_WithTheSameAddressesInside_ConnectOutside(string inside)
    {
        using var scenario = new IceScenario(traces: true);
        VirtualHost left = scenario.PlaceLeft(Access.PortRestricted);
        VirtualHost right = scenario.Place("right", Access.PortRestricted, "192.0.2.1", inside);
        VirtualHost stranger = scenario.Simulator.CreateHost("stranger");
        stranger.AddInterface(left.Interfaces[0].Network, "192.168.1.3");
        scenario.Start(left, right);
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(CandidateType.ServerReflexive, scenario.Left.Agent.GetSelectedPair(0, 1)!.Remote.Type);
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(Access.Open)]
    [InlineData(Access.PortRestricted)]
    [InlineData(Access.Symmetric)]
    public void Nat64_PeerWithIPv4Alone_ConnectsByTheRelay(Access right)
    {
        using var scenario = new IceScenario(traces: true);
        Network mobile = scenario.Simulator.CreateNetwork("mobile");
        var nat64 = new Nat64Router("nat64", mobile, scenario.Simulator.Internet, Nat64Prefix.WellKnown, NatOptions.PortRestricted, At("203.0.113.1"));
        nat64.Outside.Link.Both = scenario.Link;
        VirtualHost phone = scenario.Simulator.CreateHost("phone");
        phone.AddInterface(mobile, "2001:db8:9::2");
        TransportAddress server = nat64.Prefix.Synthesize(WithTurn.TurnServers[0].Address);
        VirtualIceAgentOptions options = new() { TurnServers = [new VirtualTurnAddress(server, "user", "pass")] };
        scenario.Start(phone, scenario.PlaceRight(right), options, WithTurn with { Agent = new IceAgentOptions { Role = IceRole.Controlled } });
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(CandidateType.Relayed, scenario.Left.Agent.GetSelectedPair(0, 1)!.Local.Type);
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(false, false, IceRole.Controlling)]
    [InlineData(true, false, IceRole.Controlling)]
    [InlineData(false, true, IceRole.Controlled)]
    [InlineData(true, true, IceRole.Controlling)]
    public void IPv6_WithAndWithoutFirewalls_IsDirect(bool leftFirewall, bool rightFirewall, IceRole role)
    {
        using var scenario = new IceScenario(traces: true);
        VirtualHost left = Home(scenario, "left", "2001:db8:1::", leftFirewall);
        VirtualHost right = Home(scenario, "right", "2001:db8:2::", rightFirewall);
        VirtualIceAgentOptions options = HostsOnly with { Agent = new IceAgentOptions { Role = role } };
        scenario.Start(left, right, options, HostsOnly with { Agent = new IceAgentOptions { Role = (IceRole)(1 - (int)role) } });
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(StunAddressFamily.IPv6, scenario.Left.Agent.GetSelectedPair(0, 1)!.Local.Address.Family);
        Assert.True(scenario.Flows(), scenario.ToString());

        static VirtualHost Home(IceScenario scenario, string name, string network, bool hasFirewall)
        {
            Network lan = scenario.Simulator.CreateNetwork(name + "-lan");
            var router = new PlainRouter(name + "-router", lan, scenario.Simulator.Internet, Endpoint.ParsePrefix(network + "/64"))
            {
                Firewall = hasFirewall ? FirewallRules.Stateful : FirewallRules.Open,
            };
            router.Outside.Link.Both = scenario.Link;
            VirtualHost host = scenario.Simulator.CreateHost(name);
            host.AddInterface(lan, network + "2");
            return host;
        }
    }

    [Theory]
    [InlineData(Access.PortRestricted, Access.Open, VirtualTcpCandidates.Active, VirtualTcpCandidates.ActiveAndPassive)]
    [InlineData(Access.Open, Access.Symmetric, VirtualTcpCandidates.ActiveAndPassive, VirtualTcpCandidates.Active)]
    [InlineData(Access.NoUdpAndNoIncomingTcp, Access.Open, VirtualTcpCandidates.All, VirtualTcpCandidates.All)]
    [InlineData(Access.NoUdpAndNoIncomingTcp, Access.NoUdpAndNoIncomingTcp, VirtualTcpCandidates.All, VirtualTcpCandidates.All)]
    public void TcpAlone_SomebodyCanConnect_Connects(Access left, Access right, VirtualTcpCandidates leftTcp, VirtualTcpCandidates rightTcp)
    {
        using var scenario = new IceScenario(traces: true);
        VirtualIceAgentOptions options = HostsOnly with { UsesUdp = false, Tcp = leftTcp };
        scenario.Start(
            scenario.PlaceLeft(left), scenario.PlaceRight(right), options, options with { Tcp = rightTcp, Agent = new IceAgentOptions { Role = IceRole.Controlled } });
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(CandidateTransport.Tcp, scenario.Left.Agent.GetSelectedPair(0, 1)!.Local.Transport);
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(Access.PortRestricted, Access.PortRestricted)]
    [InlineData(Access.Symmetric, Access.Symmetric)]
    [InlineData(Access.SymmetricThenCone, Access.AddressRestricted)]
    public void Components_OfSeveralStreams_AllComplete(Access left, Access right)
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Start(scenario.PlaceLeft(left), scenario.PlaceRight(right), WithTurn with { Agent = new IceAgentOptions { Streams = [2, 1, 1] } });
        Assert.True(scenario.Completes(), scenario.ToString());
        foreach ((int stream, int component) in (ReadOnlySpan<(int, int)>)[(0, 1), (0, 2), (1, 1), (2, 1)])
        {
            Assert.True(scenario.Flows(stream, component), scenario.ToString());
            Assert.Equal(left != Access.Symmetric, IsDirect(scenario.Left, stream, component));
        }
    }

    [Theory]
    [InlineData(Access.Open)]
    [InlineData(Access.Symmetric)]
    [InlineData(Access.DoubleCone)]
    public void LitePeer_FullAgentBehindANat_Connects(Access left)
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Start(
            scenario.PlaceLeft(left), scenario.PlaceRight(Access.Open), WithTurn with { Agent = new IceAgentOptions { Role = IceRole.Controlled } },
            HostsOnly with { Agent = new IceAgentOptions { IsLite = true } });
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(IceRole.Controlling, scenario.Left.Agent.Role);
        Assert.True(IsDirect(scenario.Left));
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    private static VirtualHost Behind(IceScenario scenario, Network carrier, string name, int number)
    {
        Network lan = scenario.Simulator.CreateNetwork(name + "-lan");
        _ = new NatRouter(name + "-nat", lan, carrier, NatOptions.FullCone, At($"100.64.1.{number}"));
        VirtualHost host = scenario.Simulator.CreateHost(name);
        host.AddInterface(lan, $"192.168.{number}.2");
        return host;
    }
}
