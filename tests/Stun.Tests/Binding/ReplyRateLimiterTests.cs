using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>security.md 4.3 A2: what a forged source can cause.</summary>
public sealed class ReplyRateLimiterTests
{
    private static readonly TransportAddress Victim = BindingExchange.Client;

    [Fact]
    public void Victim_TenThousandRequestsASecond_GetsTheBurstAndTenASecond()
    {
        var server = new BindingServer();
        byte[] buffer = new byte[1024];
        int[] replies = new int[5];
        for (int i = 0; i < 50_000; i++)
        {
            Instant now = Instant.Zero + TimeSpan.FromTicks(i * 1000L);
            var arrival = new BindingArrival(Victim.WithPort(1 + (i % 60000)), BindingExchange.Alternate.Primary, false, now);
            BindingDisposition disposition = server.HandleDatagram(BindingExchange.BareRequest, arrival, buffer, out _);
            Assert.True(disposition is BindingDisposition.Answered or BindingDisposition.RateLimited);
            replies[i / 10_000] += disposition == BindingDisposition.Answered ? 1 : 0;
        }

        Assert.InRange(replies[0], 20, 30);
        Assert.All(replies[1..], static count => Assert.InRange(count, 9, 10));
    }

    [Fact]
    public void ErrorReplies_AreLimitedToo()
    {
        var server = new BindingServer();
        byte[] buffer = new byte[1024];
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)0x7001));
        int refused = 0;
        for (int i = 0; i < 100; i++)
        {
            var arrival = new BindingArrival(Victim, BindingExchange.Alternate.Primary, false, Instant.Zero);
            refused += server.HandleDatagram(request, arrival, buffer, out _) == BindingDisposition.Refused ? 1 : 0;
        }

        Assert.Equal(20, refused);
    }

    [Fact]
    public void Tcp_IsNotLimited()
    {
        var server = new BindingServer();
        byte[] buffer = new byte[1024];
        for (int i = 0; i < 1000; i++)
        {
            var arrival = new BindingArrival(Victim, BindingExchange.Alternate.Primary, true, Instant.Zero);
            Assert.Equal(BindingDisposition.Answered, server.HandleDatagram(BindingExchange.BareRequest, arrival, buffer, out _));
        }
    }

    [Theory]
    [InlineData("198.51.100.7:1", "198.51.100.7:2", true)]
    [InlineData("198.51.100.7:1", "[::ffff:198.51.100.7]:2", true)]
    [InlineData("[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff:ffff:ffff:ffff]:2", true)]
    public void Sources_OfOneAddressOr64_ShareABucket(string one, string two, bool shared)
    {
        var limiter = new ReplyRateLimiter(ReplyRateLimit.Default);
        Assert.Equal(20, Drain(limiter, DiscoveryScenario.Address(one), Instant.Zero));
        Assert.Equal(shared ? 0 : 20, Drain(limiter, DiscoveryScenario.Address(two), Instant.Zero));
    }

    [Fact]
    public void Sources_OfOtherAddressesAnd64s_HaveTheirOwn()
    {
        // Two of 65,536 buckets fall together by chance once in a while, a hundred do not.
        var limiter = new ReplyRateLimiter(new ReplyRateLimit(10, 20, 10_000_000));
        int served = 0;
        for (uint i = 0; i < 100; i++)
        {
            served += Drain(limiter, TransportAddress.FromIPv4(0xC6336400 + i, 1), Instant.Zero);
            served += Drain(limiter, TransportAddress.FromIPv6((UInt128)(0x20010DB800000000 + i) << 64, 1), Instant.Zero);
        }

        Assert.InRange(served, 4000 - 100, 4000);
    }

    [Theory]
    [InlineData(20_000, 2_000)]
    [InlineData(100, 10)]
    [InlineData(10, 1)]
    [InlineData(9, 1)]
    [InlineData(1, 1)]
    public void AllSources_Together_HaveACap(int globalPerSecond, int burst)
    {
        var limiter = new ReplyRateLimiter(new ReplyRateLimit(10, 20, globalPerSecond));
        Assert.Equal(burst, Flood(limiter, Instant.Zero));
        Assert.Equal(0, Flood(limiter, Instant.Zero));
        int second = 0;
        for (int ms = 1; ms <= 1000; ms++)
        {
            second += Flood(limiter, Instant.Zero + TimeSpan.FromMilliseconds(ms), 100, (uint)ms * 100);
        }

        Assert.InRange(second, globalPerSecond - 1, globalPerSecond);
    }

    [Fact]
    public void Sources_AMillionRandomOnes_GrowNothing()
    {
        var limiter = new ReplyRateLimiter(ReplyRateLimit.Default);
        using var random = new SeededRandom(3);
        long taken = 0;
        Assert.Equal(0, Allocations.Measure(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                limiter.TryTake(TransportAddress.FromIPv4((uint)(random.NextUInt64() >> 32), 1), Instant.Zero + TimeSpan.FromTicks(10L * taken++));
            }
        }));
        Assert.InRange(taken, 1_000_000, long.MaxValue);
    }

    [Fact]
    public void Time_JumpingAhead_RefillsTheBurstAndNoMore()
    {
        var limiter = new ReplyRateLimiter(ReplyRateLimit.Default);
        Assert.Equal(20, Drain(limiter, Victim, Instant.Zero));
        Assert.Equal(20, Drain(limiter, Victim, Instant.Zero + TimeSpan.FromDays(365)));
        Assert.Equal(20, Drain(limiter, Victim, Instant.Zero + TimeSpan.FromDays(36500)));
    }

    [Fact]
    public void Time_SteppingBack_NeitherThrowsNorGrants()
    {
        var limiter = new ReplyRateLimiter(ReplyRateLimit.Default);
        Assert.Equal(20, Drain(limiter, Victim, Instant.Zero + TimeSpan.FromHours(1)));
        Assert.Equal(0, Drain(limiter, Victim, Instant.Zero + TimeSpan.FromMinutes(59)));
        Assert.Equal(10, Drain(limiter, Victim, Instant.Zero + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Limit_BelowOne_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ReplyRateLimiter(new ReplyRateLimit(0, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ReplyRateLimiter(new ReplyRateLimit(1, 0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ReplyRateLimiter(new ReplyRateLimit(1, 1, 0)));
    }

    private static int Drain(ReplyRateLimiter limiter, TransportAddress source, Instant now)
    {
        int taken = 0;
        for (int i = 0; i < 200; i++)
        {
            taken += limiter.TryTake(source, now) ? 1 : 0;
        }

        return taken;
    }

    private static int Flood(ReplyRateLimiter limiter, Instant now, uint sources = 10_000, uint first = 0)
    {
        int taken = 0;
        for (uint i = 0; i < sources; i++)
        {
            taken += limiter.TryTake(TransportAddress.FromIPv4(0x0A000000 + ((first + i) * 97), 1), now) ? 1 : 0;
        }

        return taken;
    }
}
