using System;
using System.Linq;
using Stack.Simulation;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>Sessions whose network changes, fails and heals.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Interface_Down_RestartGoesOnOverTheOtherWithinASecond(bool atLeft)
    {
        using IceScenario scenario = Multihomed(atLeft, out VirtualHost host);
        VirtualIceAgent agent = atLeft ? scenario.Left : scenario.Right;
        VirtualInterface gone = Used(host, agent);
        gone.IsUp = false;

        // The pair of the other interface is valid still; the peer learns by the restart.
        Assert.True(agent.Send("on the other way"u8));
        Assert.NotSame(gone, Used(host, agent));
        Assert.True(agent.Restart());
        Assert.True(scenario.Completes(1), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Link_CutSilently_RestartGoesOnOverTheOtherWithinASecond(bool atLeft)
    {
        using IceScenario scenario = Multihomed(atLeft, out VirtualHost host);
        VirtualIceAgent agent = atLeft ? scenario.Left : scenario.Right;
        Used(host, agent).Link.IsCut = true;
        Assert.True(agent.Restart());
        Assert.True(scenario.Completes(1), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>Nobody restarts: consent says it within 30 s, and nothing is sent any more.</summary>
    [Fact]
    public void Link_Cut_EndsWithinThirtySecondsAndHealsByARestart()
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        scenario.Routers["left"][0].Outside.Link.IsCut = true;
        Assert.True(scenario.Becomes(() => AreDisconnected(scenario), 30), scenario.ToString());
        Assert.Equal(IceFailureReason.ConsentLost, scenario.Left.Agent.FailureReason);
        Assert.False(scenario.Left.Send("nowhere"u8));
        int sent = scenario.Left.ChecksSent + scenario.Right.ChecksSent;
        scenario.Run(60);
        Assert.Equal(sent, scenario.Left.ChecksSent + scenario.Right.ChecksSent);
        scenario.Routers["left"][0].Outside.Link.IsCut = false;
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Completes(5), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(Access.Open, Access.Open)]
    [InlineData(Access.PortRestricted, Access.Symmetric)]
    public void Link_CutForTwentySeconds_GoesOnWithoutAWord(Access left, Access right)
    {
        using IceScenario scenario = RestartSessionTests.Complete(left, right);
        int events = scenario.Left.Events.Count(IsOfThePath);
        scenario.Server.IsAnswering = false;
        Cut(scenario, isCut: true);
        scenario.Run(20);
        scenario.Server.IsAnswering = true;
        Cut(scenario, isCut: false);
        Assert.True(scenario.Flows(), scenario.ToString());
        scenario.Run(60);
        Assert.True(scenario.AreCompleted, scenario.ToString());
        Assert.Equal(events, scenario.Left.Events.Count(IsOfThePath));

        static bool IsOfThePath(VirtualIceEvent e)
            => e.Event.Kind is IceEventKind.StateChanged or IceEventKind.PathChanged or IceEventKind.PathLost or IceEventKind.Selected;
    }

    [Fact]
    public void Link_Flapping_NeverLosesTheSession()
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        for (int i = 0; i < 20; i++)
        {
            Cut(scenario, isCut: true);
            scenario.Run(1.5);
            Cut(scenario, isCut: false);
            scenario.Run(2.5);
            Assert.True(scenario.Flows(), scenario.ToString());
        }

        Assert.DoesNotContain(scenario.Left.Events.Concat(scenario.Right.Events), static e => e.Event.Kind == IceEventKind.PathLost);
        Assert.True(scenario.AreCompleted, scenario.ToString());
    }

    [Theory]
    [InlineData(Access.Open)]
    [InlineData(Access.FullCone)]
    public void Nat_Rebound_GoesOnWithoutARestart(Access right)
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, right);
        scenario.NatOfSide("left").Rebind();
        scenario.Run(20);
        Assert.True(scenario.Flows(), scenario.ToString());
        scenario.Run(120);
        Assert.True(scenario.Flows(), scenario.ToString());
        Assert.True(scenario.AreCompleted, scenario.ToString());
    }

    /// <summary>The peer's NAT lets nothing in from the new port.</summary>
    [Fact]
    public void Nat_ReboundBeforeAPortRestrictedOne_HealsByARestart()
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        scenario.NatOfSide("left").Rebind();
        Assert.True(scenario.Becomes(() => scenario.Left.Agent.State == IceSessionState.Disconnected, 60) || scenario.Flows(), scenario.ToString());
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneWay_FromTheBeginning_FailsWithinFortySeconds(bool leftHears)
    {
        using var scenario = new IceScenario();
        VirtualHost left = scenario.PlaceLeft(Access.Open);
        Link link = left.Interfaces[0].Link;
        (link.Up, link.Down) = leftHears ? (scenario.Link with { Loss = 1 }, scenario.Link) : (scenario.Link, scenario.Link with { Loss = 1 });
        scenario.Prepare(left, scenario.PlaceRight(Access.Open), HostsOnly);
        scenario.Gather();
        scenario.Exchange();
        scenario.Run(40);
        Assert.Equal(IceSessionState.Failed, scenario.Left.Agent.State);
        Assert.Equal(IceSessionState.Failed, scenario.Right.Agent.State);
        Assert.False(scenario.AreUsable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneWay_DuringTheSession_StopsBothWithinThirtySeconds(bool leftHears)
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.Open, Access.Open);
        Link link = scenario.Left.Host.Interfaces[0].Link;
        (link.Up, link.Down) = leftHears ? (scenario.Link with { Loss = 1 }, scenario.Link) : (scenario.Link, scenario.Link with { Loss = 1 });
        Assert.True(scenario.Becomes(() => AreDisconnected(scenario), 30.2), scenario.ToString());
        Assert.False(scenario.Left.Send("nowhere"u8));
        Assert.False(scenario.Right.Send("nowhere"u8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SymmetricNats_NoRelay_FailWithinFortySecondsAndSayWhy(bool hadAllocations)
    {
        using var scenario = new IceScenario();
        scenario.Prepare(scenario.PlaceLeft(Access.Symmetric), scenario.PlaceRight(Access.Symmetric), hadAllocations ? WithTurn : WithStun);
        scenario.Gather();
        scenario.Server.IsAnswering = !hadAllocations;
        scenario.Exchange();
        scenario.Run(39);
        Assert.Equal(IceSessionState.Checking, scenario.Left.Agent.State);
        scenario.Run(1);
        Assert.Equal((IceSessionState.Failed, IceSessionState.Failed), (scenario.Left.Agent.State, scenario.Right.Agent.State));
        Assert.Equal(IceFailureReason.NoValidPair, scenario.Left.Agent.FailureReason);
        Assert.Equal(IceFailureReason.NoValidPair, scenario.Right.Agent.FailureReason);
        Assert.All(scenario.Left.Agent.Pairs, static pair => Assert.Equal(CandidatePairState.Failed, pair.State));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Host_AsleepForTwentySeconds_GoesOn(bool clockRuns)
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        scenario.Left.Host.Suspend(Seconds(20), clockRuns);
        scenario.Run(20.1);
        Assert.True(scenario.Flows(), scenario.ToString());
        scenario.Run(60);
        Assert.True(scenario.AreCompleted, scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Host_AsleepForAMinute_HealsByARestart(bool clockRuns)
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        scenario.Left.Host.Suspend(Seconds(60), clockRuns);
        scenario.Run(60.1);
        Assert.Equal(IceSessionState.Disconnected, scenario.Right.Agent.State);
        Assert.Equal(clockRuns ? IceSessionState.Disconnected : IceSessionState.Completed, scenario.Left.Agent.State);
        Assert.True(scenario.Right.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Fact]
    public void Clock_AnHourAhead_EndsConsentAtOnceAndHealsByARestart()
    {
        using IceScenario scenario = RestartSessionTests.Complete(Access.PortRestricted, Access.PortRestricted);
        int sent = scenario.Left.ChecksSent;
        scenario.Left.Host.JumpClock(TimeSpan.FromHours(1));
        scenario.Run(0.01);
        Assert.Equal(IceSessionState.Disconnected, scenario.Left.Agent.State);
        Assert.InRange(scenario.Left.ChecksSent - sent, 0, 1);
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    private static IceScenario Multihomed(bool atLeft, out VirtualHost host)
    {
        var scenario = new IceScenario(traces: true);
        VirtualHost left = scenario.PlaceLeft(Access.Open);
        VirtualHost right = scenario.PlaceRight(Access.Open);
        host = atLeft ? left : right;
        scenario.Place("second", Access.Open, "203.0.113.200", "", host);
        scenario.Start(left, right, WithTurn);
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
        return scenario;
    }

    private static VirtualInterface Used(VirtualHost host, VirtualIceAgent agent)
        => host.Interfaces.Single(one => one.Has(agent.Agent.GetPath(0, 1)!.Local.Address));

    private static bool AreDisconnected(IceScenario scenario)
        => scenario is { Left.Agent.State: IceSessionState.Disconnected, Right.Agent.State: IceSessionState.Disconnected };

    private static void Cut(IceScenario scenario, bool isCut)
        => (scenario.Routers["left"].Count == 0 ? scenario.Left.Host.Interfaces[0] : scenario.Routers["left"][^1].Outside).Link.IsCut = isCut;
}
