using System.Linq;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>Checks that are faster than the signaling (RFC 8445 section 7.3.1.3, RFC 8838 section 11).</summary>
public sealed class PeerReflexiveTests
{
    [Theory]
    [InlineData(Access.Open, CandidateType.Host, false)]
    [InlineData(Access.PortRestricted, CandidateType.ServerReflexive, false)]
    [InlineData(Access.Open, CandidateType.Host, true)]
    [InlineData(Access.PortRestricted, CandidateType.ServerReflexive, true)]
    public void Check_BeforeItsCandidateIsSignaled_MakesAPairThatIsRenamedInPlace(Access left, CandidateType type, bool afterRestart)
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(left), scenario.PlaceRight(Access.Open), WithStun);
        scenario.Gather();
        if (afterRestart)
        {
            scenario.Exchange();
            Assert.True(scenario.Completes(), scenario.ToString());
            scenario.ToRight.Said.Clear();
        }

        scenario.ToRight.Filter = static signal => signal.Parameters is not null ? signal : null;
        if (afterRestart)
        {
            Assert.True(scenario.Left.Restart());
        }
        else
        {
            scenario.Exchange();
        }

        Assert.True(scenario.Completes(), scenario.ToString());
        CandidatePair pair = scenario.Right.Agent.GetSelectedPair(0, 1)!;
        Assert.Equal(CandidateType.PeerReflexive, pair.Remote.Type);
        Assert.True(scenario.Flows(), scenario.ToString());
        int events = scenario.Right.Events.Count;
        scenario.ToRight.Said.Where(static signal => signal.Candidate is not null).ToList().ForEach(scenario.ToRight.Deliver);
        scenario.Run(1);
        Assert.Same(pair, scenario.Right.Agent.GetPath(0, 1));
        Assert.Equal(type, pair.Remote.Type);
        Assert.True(scenario.Right.Events.Skip(events).All(static e => e.Event.Kind == IceEventKind.BaseUnused), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>The name of the left side's address cannot be resolved; its checks tell.</summary>
    [Fact]
    public void Check_OfACandidateWhoseNameIsNotResolved_Connects()
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.Open), scenario.PlaceRight(Access.Open), HostsOnly);
        scenario.Gather();
        scenario.ToRight.Filter = static signal => signal.Candidate is { } candidate ? signal with { Candidate = Hide(candidate) } : signal;
        scenario.Exchange();
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Equal(CandidateType.PeerReflexive, scenario.Right.Agent.GetSelectedPair(0, 1)!.Remote.Type);
        Assert.Equal(CandidateType.Host, scenario.Left.Agent.GetSelectedPair(0, 1)!.Remote.Type);
        Assert.True(scenario.Flows(), scenario.ToString());

        // It is resolved after all.
        scenario.ToRight.Said.Where(static signal => signal.Candidate is not null).ToList().ForEach(scenario.ToRight.Deliver);
        scenario.Run(1);
        Assert.True(scenario.Flows(), scenario.ToString());
        Assert.True(scenario.AreCompleted);
    }

    /// <summary>Both names are unresolved, and no address is known: only the relays can find each other.</summary>
    [Fact]
    public void Names_UnresolvedOnBothSides_ConnectByTheOtherCandidates()
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted), WithTurn);
        scenario.Gather();
        scenario.ToLeft.Filter = scenario.ToRight.Filter = static signal => signal.Candidate is { Type: CandidateType.Host } candidate
            ? signal with { Candidate = Hide(candidate) }
            : signal;
        scenario.Exchange();
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(IsDirect(scenario.Left) && IsDirect(scenario.Right), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    private static Candidate Hide(Candidate candidate) => candidate with { Address = default, HostName = "d2c6b9f0.local", HostPort = candidate.Address.Port };
}
