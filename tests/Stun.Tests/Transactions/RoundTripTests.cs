using System;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The RTO of RFC 8489 section 6.2.1, computed as RFC 6298 section 2 does, without rounding to seconds.</summary>
public sealed class RoundTripTests
{
    private static readonly RetransmissionSchedule Low = new() { MinMeasuredRto = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public void Estimate_FirstSample_IsSmoothedAndHalfVariation()
    {
        var estimate = default(RoundTripEstimate);
        Assert.Null(estimate.Smoothed);
        Assert.Equal(TimeSpan.FromMilliseconds(500), estimate.GetRto(Low));
        estimate.AddSample(TimeSpan.FromMilliseconds(200));
        Assert.Equal(TimeSpan.FromMilliseconds(200), estimate.Smoothed);

        // 200 + 4 * 100.
        Assert.Equal(TimeSpan.FromMilliseconds(600), estimate.GetRto(Low));
    }

    [Fact]
    public void Estimate_LaterSamples_WeighAnEighthAndAQuarter()
    {
        var estimate = default(RoundTripEstimate);
        estimate.AddSample(TimeSpan.FromMilliseconds(200));
        estimate.AddSample(TimeSpan.FromMilliseconds(280));

        // Variation 3/4 * 100 + 1/4 * 80 = 95; smoothed 7/8 * 200 + 1/8 * 280 = 210; RTO 210 + 380.
        Assert.Equal(TimeSpan.FromMilliseconds(210), estimate.Smoothed);
        Assert.Equal(TimeSpan.FromMilliseconds(590), estimate.GetRto(Low));
    }

    [Fact]
    public void Estimate_SteadyPath_KeepsTheGranularity()
    {
        var estimate = default(RoundTripEstimate);
        for (int i = 0; i < 200; i++)
        {
            estimate.AddSample(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(51, estimate.GetRto(Low).TotalMilliseconds, 3);
    }

    [Fact]
    public void Estimate_Bounds_AreTheInitialRtoAndAMinute()
    {
        var estimate = default(RoundTripEstimate);
        estimate.AddSample(TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.FromMilliseconds(500), estimate.GetRto(RetransmissionSchedule.Default));
        estimate.AddSample(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(60), estimate.GetRto(RetransmissionSchedule.Default));
    }

    [Fact]
    public void Transaction_AfterRetransmission_GivesNoSample()
    {
        var bench = new TransactionTestBench(new TransactionTable(Low));
        RequestTransaction slow = bench.Start();
        bench.RunUntil(TransactionTestBench.At(510));
        bench.Receive(TransactionTestBench.Response(slow));
        Assert.Equal((TransactionOutcome.Success, 2), (slow.Outcome, slow.Attempts));
        Assert.Null(slow.RoundTripTime);
        Assert.Equal(TimeSpan.FromMilliseconds(500), bench.Start().Rto);
    }

    [Fact]
    public void Transaction_AnsweredAtOnce_SetsTheRtoOfTheAddressWhateverThePort()
    {
        var bench = new TransactionTestBench(new TransactionTable(Low));
        RequestTransaction first = bench.Start();
        bench.RunUntil(TransactionTestBench.At(40));
        bench.Receive(TransactionTestBench.Response(first));
        Assert.Equal(TimeSpan.FromMilliseconds(40), first.RoundTripTime);
        Assert.Equal(TimeSpan.FromMilliseconds(120), bench.Start(TransactionTestBench.Server.WithPort(9)).Rto);
        Assert.Equal(TimeSpan.FromMilliseconds(500), bench.Start(DiscoveryScenario.Address("192.0.2.2:3478")).Rto);
    }

    [Fact]
    public void Cache_TenMinutesWithoutATransaction_IsStale()
    {
        var cache = new RoundTripCache();
        Instant start = TransactionTestBench.At(0);
        cache.Complete(TransactionTestBench.Server, TimeSpan.FromMilliseconds(40), start);
        Assert.Equal(120, Rto(start + RoundTripCache.StaleAfter - TimeSpan.FromTicks(1)));
        Assert.Equal(500, Rto(start + RoundTripCache.StaleAfter));

        // A transaction without a sample keeps the estimate, a stale one is not revived.
        Instant used = start + TimeSpan.FromMinutes(9);
        cache.Complete(TransactionTestBench.Server, null, used);
        Assert.Equal(120, Rto(used + TimeSpan.FromMinutes(9)));
        cache.Complete(TransactionTestBench.Server, null, used + TimeSpan.FromMinutes(10));
        Assert.Equal(500, Rto(used + TimeSpan.FromMinutes(10)));

        double Rto(Instant now) => cache.GetRto(TransactionTestBench.Server, Low, now).TotalMilliseconds;
    }

    [Fact]
    public void Cache_MoreServersThanItHolds_DropsTheOldest()
    {
        var cache = new RoundTripCache();
        for (uint i = 0; i < 1000; i++)
        {
            cache.Complete(TransportAddress.FromIPv4(0x0A000000 + i, 1), TimeSpan.FromMilliseconds(40), TransactionTestBench.At(i));
            Assert.InRange(cache.Count, 1, RoundTripCache.Capacity);
        }

        Instant now = TransactionTestBench.At(1000);
        Assert.Equal(500, cache.GetRto(TransportAddress.FromIPv4(0x0A000000 + 743, 1), Low, now).TotalMilliseconds);
        Assert.Equal(120, cache.GetRto(TransportAddress.FromIPv4(0x0A000000 + 744, 1), Low, now).TotalMilliseconds);
    }
}
