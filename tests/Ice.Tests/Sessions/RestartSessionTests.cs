using System.Linq;
using Stack.Simulation;
using Stack.Stun;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>Restarts through NATs (RFC 8445 section 9).</summary>
public sealed class RestartSessionTests
{
    [Theory]
    [InlineData(Access.Open, Access.Open, true)]
    [InlineData(Access.PortRestricted, Access.PortRestricted, true)]
    [InlineData(Access.PortRestricted, Access.PortRestricted, false)]
    [InlineData(Access.Symmetric, Access.AddressRestricted, false)]
    [InlineData(Access.Symmetric, Access.Symmetric, true)]
    [InlineData(Access.Symmetric, Access.Symmetric, false)]
    public void Restart_ByEitherSide_SelectsAgainWithNewCredentials(Access left, Access right, bool byLeft)
    {
        using IceScenario scenario = Complete(left, right);
        IceCredentials[] before = [scenario.Left.Agent.LocalParameters.Credentials, scenario.Right.Agent.LocalParameters.Credentials];
        CandidatePair selected = scenario.Left.Agent.GetSelectedPair(0, 1)!;
        Assert.True((byLeft ? scenario.Left : scenario.Right).Restart());
        Assert.False(scenario.AreCompleted);
        Assert.True(scenario.Flows(), scenario.ToString());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.NotEqual(before[0], scenario.Left.Agent.LocalParameters.Credentials);
        Assert.NotEqual(before[1], scenario.Right.Agent.LocalParameters.Credentials);
        Assert.NotSame(selected, scenario.Left.Agent.GetSelectedPair(0, 1));
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Fact]
    public void Restart_BothAtOnce_Completes()
    {
        using IceScenario scenario = Complete(Access.PortRestricted, Access.PortRestricted);
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Right.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>Before the peer's first parameters have come, when they have, and when candidates have.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.04)]
    [InlineData(0.12)]
    public void Restart_WhileGathering_Completes(double after)
    {
        using var scenario = new IceScenario();
        scenario.Start(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted));
        scenario.Run(after);
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>Restarts of both sides that cross each other on the way: each answer is taken for what it answers, so that nobody restarts because of it.</summary>
    [Fact]
    public void Restart_CrossingOthers_Completes()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            using var scenario = new IceScenario(seed);
            scenario.Start(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted));
            int restarts = 1 + scenario.Simulator.Random.Next(4);
            for (int i = 0; i < restarts; i++)
            {
                scenario.Run(scenario.Simulator.Random.Next(100) / 1000.0);
                Assert.True((scenario.Simulator.Random.Next(2) == 0 ? scenario.Left : scenario.Right).Restart(), scenario.ToString());
            }

            Assert.True(scenario.Completes(), scenario.ToString());
            Assert.True(scenario.Flows(), scenario.ToString());
            Assert.InRange(scenario.ToRight.Said.Count(static signal => signal.Parameters is not null), 1, restarts + 2);
            Assert.InRange(scenario.ToLeft.Said.Count(static signal => signal.Parameters is not null), 1, restarts + 2);
        }
    }

    [Fact]
    public void Restart_AgainAndAgain_CompletesAndDataFlowsAllTheTime()
    {
        using IceScenario scenario = Complete(Access.PortRestricted, Access.PortRestricted);
        for (int i = 0; i < 8; i++)
        {
            Assert.True((i % 2 == 0 ? scenario.Left : scenario.Right).Restart());
            Assert.True(scenario.Flows(), scenario.ToString());
            scenario.Run(0.3);
        }

        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Fact]
    public void Restart_PeerMoved_PairsNothingOfTheOldGeneration()
    {
        using IceScenario scenario = Complete(Access.Open, Access.Open);
        VirtualHost right = scenario.Right.Host;
        TransportAddress old = scenario.Left.Agent.GetSelectedPair(0, 1)!.Remote.Address;
        IceCredentials before = scenario.Right.Agent.LocalParameters.Credentials;
        Candidate stale = scenario.ToLeft.Said.First(static signal => signal.Candidate is not null).Candidate! with { Extensions = [new("ufrag", before.UsernameFragment)] };
        right.AddInterface(scenario.Simulator.Internet, "192.0.2.77").Link.Both = scenario.Link;
        right.RemoveInterface(right.Interfaces[0]);
        Assert.True(scenario.Right.Restart());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
        Assert.DoesNotContain(scenario.Left.Agent.Pairs, pair => pair.Remote.Address.HasSameAddress(old));
        Assert.Equal(RemoteCandidateStatus.WrongGeneration, scenario.Left.Agent.AddRemoteCandidate(0, stale, scenario.Left.Host.Now));
    }

    [Fact]
    public void Restart_Closed_IsRefused()
    {
        using IceScenario scenario = Complete(Access.Open, Access.Open);
        scenario.Left.Dispose();
        Assert.False(scenario.Left.Agent.Restart(scenario.Left.Host.Now));
    }

    [Fact]
    public void Restart_AfterFailure_ConnectsWhenTheWayIsOpen()
    {
        using var scenario = new IceScenario();
        VirtualHost left = scenario.PlaceLeft(Access.Open);
        left.Interfaces[0].Link.IsCut = true;
        scenario.Start(left, scenario.PlaceRight(Access.Open), HostsOnly);
        Assert.True(scenario.Becomes(() => scenario is { Left.Agent.State: IceSessionState.Failed, Right.Agent.State: IceSessionState.Failed }, 60), scenario.ToString());
        left.Interfaces[0].Link.IsCut = false;
        Assert.True(scenario.Left.Restart());
        Assert.True(scenario.Completes(5), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    internal static IceScenario Complete(Access left, Access right, VirtualIceAgentOptions? options = null)
    {
        var scenario = new IceScenario(traces: true);
        scenario.Start(scenario.PlaceLeft(left), scenario.PlaceRight(right), options);
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
        return scenario;
    }
}
