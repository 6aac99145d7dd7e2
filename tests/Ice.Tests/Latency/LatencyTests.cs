using System;
using System.Linq;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>How soon both sides have a usable pair after they have each other's description, in virtual time.</summary>
public sealed class LatencyTests
{
    private const double RoundTrip = 100;

    public static TheoryData<double> RoundTrips { get; } = [10, 50, 100, 300];

    [Theory]
    [MemberData(nameof(RoundTrips))]
    public void FirstPair_HostToHost_TakesARoundTrip(double roundTrip)
        => AssertWithin(LatencyRuns.HostToHost(IceStrategy.Default, roundTrip), roundTrip, roundTrip + 2);

    [Theory]
    [MemberData(nameof(RoundTrips))]
    public void FirstPair_BehindDeadCandidates_TakesARoundTripAndSixtyMilliseconds(double roundTrip)
    {
        foreach (DeadCandidates where in (DeadCandidates[])[DeadCandidates.OneNetwork, DeadCandidates.PrivateNetworks])
        {
            AssertWithin(LatencyRuns.AfterDeadCandidates(IceStrategy.Default, roundTrip, where, bothSides: false), roundTrip, roundTrip + 60);
            AssertWithin(LatencyRuns.AfterDeadCandidates(IceStrategy.Default, roundTrip, where, bothSides: true), roundTrip, roundTrip + 60);
        }
    }

    /// <summary>Nothing tells the candidates apart, and twenty checks take at least 100 ms by RFC 8445 section 14.2; one side alone is helped by the other.</summary>
    [Theory]
    [MemberData(nameof(RoundTrips))]
    public void FirstPair_BehindDeadCandidatesLikeIt_TakesNoLongerThanTheirChecks(double roundTrip)
    {
        AssertWithin(LatencyRuns.AfterDeadCandidates(IceStrategy.Default, roundTrip, DeadCandidates.PublicNetworks, bothSides: true), roundTrip, roundTrip + 100);
        AssertWithin(
            LatencyRuns.AfterDeadCandidates(IceStrategy.Default, roundTrip, DeadCandidates.PublicNetworks, bothSides: false),
            roundTrip,
            Math.Min((1.5 * roundTrip) + 5, roundTrip + 100));
    }

    [Theory]
    [MemberData(nameof(RoundTrips))]
    public void FirstPair_PortRestrictedNats_TakesOneAndAHalfRoundTripsAndSixtyMilliseconds(double roundTrip)
    {
        foreach (double earlier in (double[])[0, roundTrip / 8, roundTrip / 2, roundTrip])
        {
            AssertWithin(LatencyRuns.PortRestricted(IceStrategy.Default, roundTrip, earlier), roundTrip / 2, (1.5 * roundTrip) + 60);
        }
    }

    [Fact]
    public void FirstPair_AQuarterLost_TakesTwoRoundTripsInTheMedianAndSixAtTheMost()
    {
        TimeSpan?[] results = [.. Enumerable.Range(1, 600).Select(static seed => LatencyRuns.HostToHost(IceStrategy.Default, RoundTrip, (ulong)seed, 0.25))];
        Assert.DoesNotContain(null, results);
        Assert.InRange(LatencyRuns.Quantile(results, 0.5)!.Value, RoundTrip, 2 * RoundTrip);
        Assert.InRange(LatencyRuns.Quantile(results, 0.95)!.Value, RoundTrip, 6 * RoundTrip);
    }

    /// <summary>Permissions travel with the first checks; one of the sides may have to repeat after the 5 ms between transactions.</summary>
    [Theory]
    [MemberData(nameof(RoundTrips))]
    public void FirstPair_RelayOnly_TakesARoundTripAfterTheAllocations(double roundTrip)
        => AssertWithin(LatencyRuns.RelayOnly(IceStrategy.Default, roundTrip), roundTrip, roundTrip + 10);

    [Theory]
    [InlineData(Access.Open, Access.Open)]
    [InlineData(Access.PortRestricted, Access.PortRestricted)]
    [InlineData(Access.Symmetric, Access.AddressRestricted)]
    public void Path_RelayedFirst_IsDirectWithinThreeRoundTrips(Access left, Access right)
    {
        foreach (double roundTrip in (double[])[10, 50, 100, 300])
        {
            AssertWithin(LatencyRuns.DirectAfterRelay(IceStrategy.Default, roundTrip, left, right), roundTrip, 3 * roundTrip);
            AssertWithin(LatencyRuns.DirectAfterFirst(IceStrategy.Default, roundTrip, left, right), 0, 3 * roundTrip);
        }
    }

    private static void AssertWithin(TimeSpan? result, double least, double most)
    {
        Assert.NotNull(result);
        Assert.InRange(result.Value.TotalMilliseconds, least, most);
    }
}
