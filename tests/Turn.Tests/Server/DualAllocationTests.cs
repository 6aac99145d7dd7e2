using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Allocations with a relayed address of each family (RFC 8656 section 7.2, check 9, and section 8).</summary>
public sealed class DualAllocationTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Dual_BothFamiliesServed_GetsBoth() => _run.Alice.AllocateDual().Are(
        "200 Allocate relayed=203.0.113.1:49152 relayed=[2001:db8::1]:49153 lifetime=600 mapped=198.51.100.7:40000 MI",
        "created alice 203.0.113.1:49152 Udp",
        "open 1 Udp 203.0.113.1:49152",
        "open 2 Udp [2001:db8::1]:49153",
        "next 600");

    // Check 9: half is granted, and ADDRESS-ERROR-CODE (section 18.12) says why the other half is not.
    [Fact]
    public void Dual_FamilyNotServed_GetsTheOtherAnd440()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { RelayAddresses = [new RelayAddress(Endpoints.Relay)] });
        run.Alice.AllocateDual().Are(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 8001=02000428 MI",
            "created alice 203.0.113.1:49152 Udp",
            "open 1 Udp 203.0.113.1:49152",
            "next 600");
    }

    [Theory]
    [InlineData(StunAddressFamily.IPv4, "relayed=[2001:db8::1]:49153", "01000508")]
    [InlineData(StunAddressFamily.IPv6, "relayed=203.0.113.1:49152", "02000508")]
    public void Dual_FamilyExhausted_GetsTheOtherAnd508(StunAddressFamily family, string relayed, string error)
    {
        _run.Sockets.Answer = address => address.Family == family ? RelayOpenStatus.Exhausted : RelayOpenStatus.Opened;
        Assert.Equal(
            $"200 Allocate {relayed} lifetime=600 mapped=198.51.100.7:40000 8001={error} MI",
            _run.Alice.AllocateDual().Lines[0]);
        Assert.Equal(1, _run.Resources.PortsInUse);
    }

    // Check 9: where neither can be had, 508; and nothing is kept.
    [Fact]
    public void Dual_BothExhausted_Responds508()
    {
        _run.Sockets.Answer = static _ => RelayOpenStatus.Exhausted;
        _run.Alice.AllocateDual().Are(
            "508 Allocate MI",
            "open 1 Udp 203.0.113.1:49152 Exhausted",
            "open 2 Udp [2001:db8::1]:49153 Exhausted",
            "next none");
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    [Fact]
    public void Dual_EvenPort_IsEvenInBothFamilies()
    {
        TransportAddress[] relayed = _run.Alice.AllocateDual(static (ref StunMessageWriter writer) => writer.AddEvenPort(reserveNext: false)).Relayed;
        Assert.Equal([Endpoints.Relay.WithPort(49152), Endpoints.Relay6.WithPort(49154)], relayed);
    }

    // Section 6: a dual allocation is one, with a time-to-expiry for each address.
    [Fact]
    public void Dual_CountsOnce()
    {
        _run.Alice.AllocateDual();
        Assert.Equal((1, 1, 2), (_run.Server.AllocationCount, _run.Resources.AllocationCount, _run.Resources.PortsInUse));
    }

    [Fact]
    public void Dual_RefreshedWithoutFamily_RefreshesBoth()
    {
        _run.Alice.AllocateDual();
        _run.Skip(100);
        _run.Alice.Refresh(1000).Are("200 Refresh lifetime=1000 MI", "next 1100");
        _run.Pass(1000).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "close 2", "next none");
    }

    // Section 8.1: REQUESTED-ADDRESS-FAMILY chooses the half that is refreshed; the other one expires.
    [Fact]
    public void Dual_OneFamilyRefreshed_TheOtherExpires()
    {
        _run.Alice.AllocateDual();
        _run.Alice.Refresh(1000, StunAddressFamily.IPv6).Are("200 Refresh lifetime=1000 MI", "next 600");
        _run.Pass(600).Are("close 1", "next 1000");
        _run.Alice.Permit(Endpoints.Peer).Expect(443);
        _run.Alice.Permit(Endpoints.Peer6).Expect(200);
        _run.Alice.Refresh(family: StunAddressFamily.IPv4).Expect(443);
        _run.Pass(400).Are("ended alice 203.0.113.1:49152 Expired", "close 2", "next none");
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    // Section 8.2 with a desired lifetime of zero for one family.
    [Theory]
    [InlineData(StunAddressFamily.IPv4, 1, 2)]
    [InlineData(StunAddressFamily.IPv6, 2, 1)]
    public void Dual_OneFamilyDeleted_TheOtherStays(StunAddressFamily deleted, int closed, int kept)
    {
        _run.Alice.AllocateDual();
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Bind(0x4001, Endpoints.Peer6).Expect(200);
        _run.Alice.Refresh(0, deleted).Are("200 Refresh lifetime=0 MI", $"close {closed}", "next 600");
        PeerAddress[] peers = [Endpoints.Peer, Endpoints.Peer6];
        _run.Alice.Send(peers[kept - 1], "x").Are($"{kept} -> {peers[kept - 1]} 'x'", "next 600");
        _run.Alice.Send(peers[closed - 1], "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Alice.OnChannel((ushort)(0x4000 + kept - 1), "x").Are($"{kept} -> {peers[kept - 1]} 'x'", "next 600");
        _run.Alice.OnChannel((ushort)(0x4000 + closed - 1), "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
        _run.FromPeer(closed, peers[closed - 1], "x").AreSilent(TurnServerDisposition.NoAllocation, "next 600");
        _run.Alice.Refresh(0).Are("200 Refresh lifetime=0 MI", "ended alice 203.0.113.1:49152 Deleted", $"close {kept}", "next none");
        _run.Alice.Refresh(0).Are("437 Refresh MI", "next none");
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    // Section 10.1: peers of both families in one request; each relays from the address of its family.
    [Fact]
    public void Dual_Peers_AreReachedFromTheirFamily()
    {
        _run.Alice.AllocateDual();
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
        _run.Alice.Send(Endpoints.Peer, "four").Are("1 -> 5.6.7.8:7000 'four'", "next 600");
        _run.Alice.Send(Endpoints.Peer6, "six").Are("2 -> [2a00::8]:7000 'six'", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").Are("Indication Data peer=5.6.7.8:7000 data=x -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
        _run.FromPeer(2, Endpoints.Peer6, "x").Are("Indication Data peer=[2a00::8]:7000 data=x -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
    }

    // Half an allocation ends at its own time, deadline by deadline.
    [Fact]
    public void Dual_HalvesWithOtherDeadlines_EndOneByOne()
    {
        _run.Alice.AllocateDual();
        _run.Alice.Refresh(3600, StunAddressFamily.IPv4).Are("200 Refresh lifetime=3600 MI", "next 600");
        _run.Skip(599.5);
        _run.Alice.Send(Endpoints.Peer6, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Pass(0.5).Are("close 2", "next 3600");
        _run.Pass(3000).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "next none");
        Assert.Equal(TimeSpan.FromSeconds(3600), Assert.IsType<AllocationEnded>(_run.LastEvent).Age);
    }
}
