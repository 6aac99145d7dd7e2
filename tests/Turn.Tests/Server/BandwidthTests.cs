using System;
using System.Linq;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>How much is relayed for whom (RFC 8656 section 5: discard what exceeds the quota; security.md section 2).</summary>
public sealed class BandwidthTests
{
    private static readonly string Kilo = new('x', 1000);

    // 50 Mbit/s by default: a second's worth at once, then as it comes.
    [Fact]
    public void Allocation_Default_IsFiftyMegabits()
    {
        using TurnServerRun run = Run(static limits => limits);
        int relayed = Enumerable.Range(0, 7000).Count(_ => run.Alice.OnChannel(0x4000, Kilo).Disposition == TurnServerDisposition.Relayed);
        Assert.Equal(6250, relayed);
        run.Skip(0.1);
        relayed = Enumerable.Range(0, 7000).Count(_ => run.Alice.OnChannel(0x4000, Kilo).Disposition == TurnServerDisposition.Relayed);
        Assert.Equal(625, relayed);
    }

    // Each direction has its own; what is over is dropped without a word, and counted.
    [Fact]
    public void Allocation_OverBandwidth_IsDroppedByDirection()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecondPerAllocation = 2000 });
        run.Alice.OnChannel(0x4000, Kilo).Expect(0);
        run.Alice.Send(Endpoints.Peer, Kilo).Expect(0);
        run.Alice.OnChannel(0x4000, Kilo).AreSilent(TurnServerDisposition.OverBandwidth, "next 600");
        run.Alice.Send(Endpoints.Peer, Kilo).AreSilent(TurnServerDisposition.OverBandwidth, "next 600");
        Assert.Equal(TurnServerDisposition.Relayed, run.FromPeer(1, Endpoints.Peer, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, run.FromPeer(1, Endpoints.Peer, Kilo).Disposition);
        run.FromPeer(1, Endpoints.Peer, Kilo).AreSilent(TurnServerDisposition.OverBandwidth, "next 600");
        run.Skip(0.5);
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        run.Alice.Refresh(0).Expect(200);
        Assert.Equal(new RelayTraffic(3, 3000, 2, 2000, 4), Assert.IsType<AllocationEnded>(run.LastEvent).Traffic);
    }

    // A datagram larger than a second's worth passes now and then, and pays for it.
    [Fact]
    public void Allocation_DatagramLargerThanTheRate_IsNotStuckForEver()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecondPerAllocation = 100 });
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        run.Skip(8.9);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        run.Skip(0.2);
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
    }

    [Fact]
    public void Allocation_NoLimit_HasNone()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecondPerAllocation = 0 });
        Assert.All(Enumerable.Range(0, 8000), _ => Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition));
    }

    // All allocations of an account together; other accounts are not concerned.
    [Fact]
    public void User_OverBandwidth_IsDroppedInAllHisAllocations()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecondPerUser = 2000 });
        using TurnTestClient second = run.Client("alice", Endpoints.Alice.WithPort(2));
        second.Allocate().Expect(200);
        second.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, second.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, second.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, run.FromPeer(1, Endpoints.Peer, Kilo).Disposition);
        run.Bob.Allocate().Expect(200);
        run.Bob.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.Equal(TurnServerDisposition.Relayed, run.Bob.OnChannel(0x4000, Kilo).Disposition);
    }

    // A new limit counts for live allocations.
    [Fact]
    public void User_LimitChanged_CountsAtOnce()
    {
        using TurnServerRun run = Run(static limits => limits);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition));
        run.Resources.Reconfigure(run.ServerOptions.Limits with { BytesPerSecondPerUser = 1000 }, null);
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Alice.OnChannel(0x4000, Kilo).Disposition);
    }

    [Fact]
    public void Server_OverBandwidth_IsDroppedForAll()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecond = 1000 });
        run.Bob.Allocate().Expect(200);
        run.Bob.Bind(0x4000, Endpoints.Peer).Expect(200);
        Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, Kilo).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Bob.OnChannel(0x4000, Kilo).Disposition);
        run.Resources.Reconfigure(run.ServerOptions.Limits with { BytesPerSecond = 0 }, null);
        Assert.Equal(TurnServerDisposition.Relayed, run.Bob.OnChannel(0x4000, Kilo).Disposition);
    }

    // Datagrams of no bytes cost nothing and do not hang.
    [Fact]
    public void Empty_Datagrams_AreFree()
    {
        using TurnServerRun run = Run(static limits => limits with { BytesPerSecondPerAllocation = 1 });
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(TurnServerDisposition.Relayed, run.Alice.OnChannel(0x4000, "").Disposition));
    }

    private static TurnServerRun Run(Func<TurnServerLimits, TurnServerLimits> change)
    {
        var run = new TurnServerRun(TurnServerRun.Limited(change));
        run.Alice.Allocate().Expect(200);
        run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        return run;
    }
}
