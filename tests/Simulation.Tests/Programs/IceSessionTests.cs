using Stack.Ice;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>The stack's agents and servers on virtual hosts, end to end.</summary>
public sealed class IceSessionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Session_HostToHost_IsDirect(bool trickles)
    {
        using var scene = new IceScene();
        scene.Start(scene.Public("left", "203.0.113.1"), scene.Public("right", "203.0.113.2"), trickles: trickles);
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        Assert.Equal((CandidateType.Host, CandidateType.Host), scene.Selected());

        // The checks of the other pairs have come to their end.
        scene.Simulator.RunFor(Seconds(1));
        long before = scene.TurnServer.Relayed;
        Assert.True(scene.Echoes());
        Assert.Equal(before, scene.TurnServer.Relayed);
    }

    [Fact]
    public void Session_PortRestrictedNats_IsReflexive()
    {
        using var scene = new IceScene();
        scene.Start(scene.Natted("left", NatOptions.PortRestricted, "203.0.113.1", out _), scene.Natted("right", NatOptions.PortRestricted, "203.0.113.2", out _));
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        Assert.NotEqual(CandidateType.Relayed, scene.Left.Agent.GetSelectedPair(0, 1)!.Local.Type);
        Assert.NotEqual(CandidateType.Relayed, scene.Left.Agent.GetSelectedPair(0, 1)!.Remote.Type);
        Assert.True(scene.Echoes());
    }

    [Fact]
    public void Session_SymmetricNats_IsRelayed()
    {
        using var scene = new IceScene();
        scene.Start(scene.Natted("left", NatOptions.Symmetric, "203.0.113.1", out _), scene.Natted("right", NatOptions.Symmetric, "203.0.113.2", out _));
        Assert.True(scene.Completes(Seconds(10)), scene.ToString());
        (CandidateType left, CandidateType right) = scene.Selected();
        Assert.True(left == CandidateType.Relayed || right == CandidateType.Relayed);
        Assert.True(scene.Echoes());
        Assert.True(scene.TurnServer.Relayed > 0);
    }

    [Theory]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public void Session_RelayOnly_IsUsableARoundTripAfterTheAllocation(StunTransport transport)
    {
        using var scene = new IceScene();
        VirtualIceAgentOptions options = new()
        {
            UsesHosts = false,
            TurnServers = [new VirtualTurnAddress(At(transport == StunTransport.Udp ? IceScene.Turn : "198.51.100.1:443"), "user", "pass", transport)],
        };
        scene.Start(scene.Natted("left", NatOptions.Symmetric, "203.0.113.1", out _), scene.Natted("right", NatOptions.Symmetric, "203.0.113.2", out _), options, options);
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        Assert.Equal((CandidateType.Relayed, CandidateType.Relayed), scene.Selected());
        Assert.True(scene.Echoes());
        Assert.Equal(2, scene.TurnServer.AllocationCount);

        // Allocate is asked twice, since the first request brings the challenge; over TCP the handshake comes before; then the candidate crosses.
        System.TimeSpan allocated = (IceScene.RoundTrip / 2 * (transport == StunTransport.Tcp ? 3 : 2)) + Ms(30);
        Assert.InRange(scene.Left.UsableAt!.Value.SinceOrigin - allocated, IceScene.RoundTrip, IceScene.RoundTrip + Ms(10));
    }

    [Fact]
    public void Session_UdpBlocked_ConnectsOverTurnByTcp443()
    {
        using var scene = new IceScene();
        VirtualHost left = scene.Natted("left", NatOptions.PortRestricted, "203.0.113.1", out NatRouter nat);
        nat.Firewall = FirewallRules.HttpsOnly;
        VirtualIceAgentOptions options = IceScene.Options with
        {
            TurnServers = [.. IceScene.Options.TurnServers, new VirtualTurnAddress(At("198.51.100.1:443"), "user", "pass", StunTransport.Tcp)],
        };
        scene.Start(left, scene.Public("right", "203.0.113.2"), options, options);
        Assert.True(scene.Completes(Seconds(10)), scene.ToString());
        Assert.Equal(CandidateType.Relayed, scene.Selected().Left);
        Assert.True(scene.Echoes());
    }

    [Theory]
    [InlineData(VirtualTcpCandidates.Active, VirtualTcpCandidates.ActiveAndPassive)]
    [InlineData(VirtualTcpCandidates.ActiveAndPassive, VirtualTcpCandidates.Active)]
    [InlineData(VirtualTcpCandidates.All, VirtualTcpCandidates.All)]
    public void Session_TcpAlone_Connects(VirtualTcpCandidates left, VirtualTcpCandidates right)
    {
        using var scene = new IceScene();
        var options = new VirtualIceAgentOptions { UsesUdp = false };
        scene.Start(
            scene.Public("left", "203.0.113.1"), scene.Public("right", "203.0.113.2"), options with { Tcp = left }, options with { Tcp = right });
        Assert.True(scene.Completes(Seconds(10)), scene.ToString());
        Assert.Equal(CandidateTransport.Tcp, scene.Left.Agent.GetSelectedPair(0, 1)!.Local.Transport);
        Assert.True(scene.Echoes());
    }

    [Fact]
    public void Session_DualStackWithOneFamilyCut_GoesOnOverTheOtherAfterARestart()
    {
        using var scene = new IceScene();
        VirtualHost left = scene.Public("left", "203.0.113.1");
        VirtualHost right = scene.Public("right", "203.0.113.2");
        VirtualInterface left6 = left.AddInterface(scene.Simulator.Internet, "2001:db8:1::1");
        right.AddInterface(scene.Simulator.Internet, "2001:db8:2::1").Link.Both = IceScene.Access;
        left6.Link.Both = IceScene.Access;
        scene.Start(left, right);
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        Assert.Equal((CandidateType.Host, CandidateType.Host), scene.Selected());
        Assert.True(scene.Echoes());
        foreach (VirtualInterface one in left.Interfaces)
        {
            one.Link.IsCut = one.Has(scene.Left.Agent.GetPath(0, 1)!.Local.Address);
        }

        Assert.True(scene.Simulator.RunUntil(() => scene.Left.Agent.State == IceSessionState.Disconnected, Seconds(40)), scene.ToString());
        Assert.True(scene.Left.Restart());
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        Assert.True(scene.Echoes(), scene.ToString());
    }

    [Fact]
    public void Session_IPv6AndNat64_Connect()
    {
        using var scene = new IceScene();
        Network mobile = scene.Simulator.CreateNetwork("mobile");
        var nat64 = new Nat64Router("nat64", mobile, scene.Simulator.Internet, Nat64Prefix.WellKnown, NatOptions.PortRestricted, At("203.0.113.1"));
        nat64.Outside.Link.Both = IceScene.Access;
        VirtualHost phone = scene.Simulator.CreateHost("phone");
        phone.AddInterface(mobile, "2001:db8:9::2");

        // The phone has IPv6 alone, so its relayed IPv4 address is what an IPv4 peer can reach.
        VirtualIceAgentOptions options = new() { TurnServers = [new VirtualTurnAddress(nat64.Prefix.Synthesize(At(IceScene.Turn)), "user", "pass")] };
        scene.Start(phone, scene.Natted("right", NatOptions.PortRestricted, "203.0.113.2", out _), options);
        Assert.True(scene.Completes(Seconds(10)), scene.ToString());
        Assert.Equal(CandidateType.Relayed, scene.Selected().Left);
        Assert.True(scene.Echoes());
    }

    [Fact]
    public void Session_InterfaceGone_GoesOnOverAnotherOne()
    {
        using var scene = new IceScene();
        VirtualHost phone = scene.Public("phone", "203.0.113.1");
        scene.Start(phone, scene.Public("right", "203.0.113.2"));
        Assert.True(scene.Completes(Seconds(5)), scene.ToString());
        phone.RemoveInterface(phone.Interfaces[0]);
        Assert.False(scene.Left.Send("nowhere"u8));
        phone.AddInterface(scene.Simulator.Internet, "203.0.113.99").Link.Both = IceScene.Access;
        Assert.True(scene.Left.Restart());
        scene.Simulator.RunFor(Seconds(3));
        Assert.True(scene.Echoes(), scene.ToString());
        Assert.True(scene.Left.Agent.GetPath(0, 1)!.Local.Address.HasSameAddress(At("203.0.113.99")));
    }

    // A server that does not answer is asked for 39.5 s: the only interface changes meanwhile.
    [Fact]
    public void Session_InterfaceReplacedWhileGathering_GathersFromTheNewOne()
    {
        using var scene = new IceScene();
        VirtualHost phone = scene.Public("phone", "203.0.113.1");
        scene.Start(phone, scene.Public("right", "203.0.113.2"), IceScene.Options with { StunServers = [At("198.51.100.200:3478")] });
        Assert.True(scene.Completes(Seconds(10)), scene.ToString());
        phone.RemoveInterface(phone.Interfaces[0]);
        phone.AddInterface(scene.Simulator.Internet, "203.0.113.99").Link.Both = IceScene.Access;
        Assert.True(scene.Left.Restart());
        scene.Simulator.RunFor(Seconds(10));
        Assert.True(scene.Echoes(), scene.ToString());
        Assert.True(scene.Left.Agent.GetPath(0, 1)!.Local.Address.HasSameAddress(At("203.0.113.99")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Session_SameSeed_IsTheSamePacketForPacket(ulong seed)
    {
        Assert.Equal(Digest(seed), Digest(seed));
        Assert.NotEqual(Digest(seed), Digest(seed + 100));
    }

    private static (long Count, ulong Digest) Digest(ulong seed)
    {
        using var scene = new IceScene(seed);
        VirtualHost left = scene.Natted("left", NatOptions.PortRestricted, "203.0.113.1", out NatRouter nat);
        nat.Outside.Link.Both = IceScene.Access with { Loss = 0.1, Duplication = 0.1, Reordering = 0.2 };
        scene.Start(left, scene.Natted("right", NatOptions.Symmetric, "203.0.113.2", out _));
        Assert.True(scene.Completes(Seconds(30)), scene.ToString());
        return (scene.Simulator.Trace!.Count, scene.Simulator.Trace.Digest);
    }
}
