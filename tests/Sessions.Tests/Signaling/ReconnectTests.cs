using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Sessions.Tests;

public sealed class ReconnectTests
{
    // A server comes back, and a thousand clients with it: each of them at a time of its own, and none all together.
    [Fact]
    public void Delays_OfAHerd_AreSpreadEvenlyOverAllOfTheTime()
    {
        var first = new List<double>();
        var fifth = new List<double>();
        for (int client = 0; client < 1000; client++)
        {
            using var random = new SeededRandom((ulong)client);
            var delays = new ReconnectDelays(random);
            TimeSpan[] drawn = [.. Enumerable.Range(0, 5).Select(_ => delays.Next())];
            first.Add(drawn[0].TotalSeconds);
            fifth.Add(drawn[4].TotalSeconds);
        }

        AreSpread(first, 0.5);
        AreSpread(fifth, 8);

        // A tenth of the time gets about a tenth of the clients: for a binomial of 1000 and 0.1, 60 and 145 are more than four deviations off.
        static void AreSpread(List<double> seconds, double most)
        {
            Assert.All(seconds, second => Assert.InRange(second, 0, most));
            Assert.All(
                seconds.GroupBy(second => (int)(second / most * 10)).Select(static tenth => tenth.Count()),
                static count => Assert.InRange(count, 60, 145));
            Assert.Equal(10, seconds.Select(second => (int)(second / most * 10)).Distinct().Count());
        }
    }

    [Fact]
    public void Delays_DoubleUpTo30Seconds_AndBeginAnewAfterSuccess()
    {
        using var random = new AllOnes();
        var delays = new ReconnectDelays(random);
        double[] most = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];
        Assert.Equal(most, most.Select(_ => Math.Round(delays.Next().TotalSeconds, 3)));
        delays.Reset();
        Assert.Equal(0.5, Math.Round(delays.Next().TotalSeconds, 3));
    }

    [Fact]
    public void Allowance_ManyMessages_StaysBelowTheServersLimit()
    {
        var time = new ManualTimeProvider();
        var allowance = new SendAllowance(time);
        int sent = 0;
        while (time.Elapsed < TimeSpan.FromSeconds(60))
        {
            time.Advance(allowance.Take());
            sent++;
            Assert.True(sent <= 60 + (20 * time.Elapsed.TotalSeconds), $"{sent} messages in {time.Elapsed}");
        }

        Assert.InRange(sent, 18 * 60, 20 * 60);
    }

    private sealed class AllOnes : System.Security.Cryptography.RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => Array.Fill(data, byte.MaxValue);
    }
}
