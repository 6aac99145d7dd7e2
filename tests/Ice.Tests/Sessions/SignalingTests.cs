using System;
using System.Globalization;
using System.Linq;
using Stack.Simulation;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>What is told in which order, and what should not have been told (RFC 8838).</summary>
public sealed class SignalingTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Trickle_ByEitherOrNeither_Completes(bool leftTrickles, bool rightTrickles)
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.Symmetric), WithTurn);
        scenario.ToRight.Delay = scenario.ToLeft.Delay = Ms(30);
        foreach ((SignalPath path, bool trickles) in (ReadOnlySpan<(SignalPath, bool)>)[(scenario.ToRight, leftTrickles), (scenario.ToLeft, rightTrickles)])
        {
            if (trickles)
            {
                path.Open();
            }
        }

        scenario.Gather();
        scenario.Exchange();
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Fact]
    public void Candidates_BeforeTheParameters_Wait()
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted), WithStun);
        scenario.Gather();
        foreach (SignalPath path in (SignalPath[])[scenario.ToLeft, scenario.ToRight])
        {
            path.Said.Where(static signal => signal.Parameters is null).ToList().ForEach(path.Deliver);
            path.Filter = static signal => signal.Parameters is null ? null : signal;
        }

        scenario.Run(1);
        Assert.Equal(0, scenario.Left.ChecksSent);
        scenario.Exchange();
        Assert.True(scenario.FirstUsable() <= Ms(160), scenario.ToString());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
    }

    /// <summary>Each is refused, and what follows counts.</summary>
    [Fact]
    public void Candidates_BadOnesFirst_ChangeNothing()
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.Open), scenario.PlaceRight(Access.Open), HostsOnly);
        scenario.Gather();
        scenario.ToLeft.Filter = signal => signal.Candidate is { } real ? Precede(scenario.ToLeft, signal, real) : signal;
        scenario.Exchange();
        Assert.Equal(Ms(100), scenario.FirstUsable());
        Assert.True(scenario.Completes(), scenario.ToString());
        Assert.Single(scenario.Left.Agent.Pairs);

        static VirtualSignal Precede(SignalPath path, VirtualSignal signal, Candidate real)
        {
            foreach (string address in (string[])["0.0.0.0:5000", "224.0.0.1:5000", "255.255.255.255:5000", "127.0.0.1:5000", "192.0.2.1:0", "192.0.2.1:22", "[ff02::1]:5000"])
            {
                path.Deliver(signal with { Candidate = real with { Address = At(address) } });
            }

            path.Deliver(signal with { Stream = 3 });
            path.Deliver(signal with { Candidate = real with { ComponentId = 2 } });
            path.Deliver(signal with { Candidate = real with { Priority = 0 } });
            path.Deliver(signal with { Candidate = real with { TcpType = TcpCandidateType.Passive } });
            return signal;
        }
    }

    /// <summary>The real one comes last, beyond the limits: the peer's own check tells it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Candidates_ThreeHundred_CostLittleAndConnect(bool realFirst)
    {
        using var scenario = new IceScenario(traces: true);
        scenario.Prepare(scenario.PlaceLeft(Access.Open), scenario.PlaceRight(Access.Open), HostsOnly);
        scenario.Gather();
        scenario.ToLeft.Filter = signal =>
        {
            for (int i = 0; signal.Candidate is not null && i < 300; i++)
            {
                string address = string.Create(CultureInfo.InvariantCulture, $"{20 + (i / 200)}.7.{i % 200}.1:40000");
                Candidate dead = signal.Candidate with { Address = At(address), Priority = signal.Candidate.Priority - 1 - (uint)i };
                scenario.Simulator.Schedule(TimeSpan.Zero, () => scenario.ToLeft.Deliver(new VirtualSignal { Candidate = dead }));
            }

            if (!realFirst && signal.Candidate is not null)
            {
                scenario.Simulator.Schedule(Ms(10), () => scenario.ToLeft.Deliver(signal));
                return null;
            }

            return signal.IsEnd ? null : signal;
        };
        scenario.Exchange();
        Assert.InRange(scenario.FirstUsable()!.Value, Ms(100), Ms(realFirst ? 100 : 160));
        scenario.Run(60);
        Assert.True(scenario.AreCompleted, scenario.ToString());
        Assert.True(scenario.Flows(), scenario.ToString());
        Assert.InRange(scenario.Left.ChecksSent, 2, 300);
    }

    [Theory]
    [InlineData(IceRole.Controlling, Access.Open, Access.PortRestricted)]
    [InlineData(IceRole.Controlled, Access.PortRestricted, Access.PortRestricted)]
    [InlineData(IceRole.Controlling, Access.Symmetric, Access.Symmetric)]
    [InlineData(IceRole.Controlled, Access.Symmetric, Access.AddressRestricted)]
    public void Roles_TheSameOnBothSides_EndWithOneControllingAndOnePair(IceRole role, Access left, Access right)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var scenario = new IceScenario(seed);
            VirtualIceAgentOptions options = WithTurn with { Agent = new IceAgentOptions { Role = role } };
            scenario.Start(scenario.PlaceLeft(left), scenario.PlaceRight(right), options, options);
            Assert.True(scenario.Completes(), scenario.ToString());
            Assert.NotEqual(scenario.Left.Agent.Role, scenario.Right.Agent.Role);
            Assert.Equal(1, scenario.Left.Events.Count(static e => e.Event.Kind == IceEventKind.Selected));
            Assert.Equal(1, scenario.Right.Events.Count(static e => e.Event.Kind == IceEventKind.Selected));
            Assert.Equal(
                scenario.Left.Agent.GetSelectedPair(0, 1)!.Local.Address, scenario.Right.Agent.GetSelectedPair(0, 1)!.Remote.Address);
            Assert.True(scenario.Flows(), scenario.ToString());
        }
    }

    [Fact]
    public void Credentials_OfSomebodyElse_FailAndSayWhy()
    {
        using var scenario = new IceScenario();
        scenario.Prepare(scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted), WithStun);
        scenario.Gather();
        scenario.ToLeft.Filter = static signal => signal.Parameters is { } parameters
            ? new VirtualSignal { Parameters = parameters with { Credentials = new IceCredentials("nobody", new string('p', 22)) } }
            : signal;
        scenario.Exchange();
        scenario.Run(40);
        Assert.Equal(IceSessionState.Failed, scenario.Left.Agent.State);
        Assert.Equal(IceFailureReason.WrongCredentials, scenario.Left.Agent.FailureReason);
        Assert.Null(scenario.Left.UsableAt);

        // The right side's checks are answered, since they are as they should be; nobody nominates.
        Assert.NotEqual(IceSessionState.Completed, scenario.Right.Agent.State);
    }
}
