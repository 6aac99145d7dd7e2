using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class TwoAgentTests
{
    private static Wire Create(IceStrategy? strategy = null)
    {
        var wire = new Wire(
            new IceAgentOptions { Role = IceRole.Controlling, Strategy = strategy ?? IceStrategy.Default },
            new IceAgentOptions { Role = IceRole.Controlled, Strategy = strategy ?? IceStrategy.Default });
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        return wire;
    }

    [Fact]
    public void HostToHost_NoLoss_IsUsableAfterOneRoundTripOnBothSides()
    {
        using Wire wire = Create();
        Instant start = wire.Now;
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(1));
        Assert.True(wire.A.UsableAt - start <= TimeSpan.FromMilliseconds(52), $"{wire.A.UsableAt - start}");
        Assert.True(wire.B.UsableAt - start <= TimeSpan.FromMilliseconds(52), $"{wire.B.UsableAt - start}");
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.Single(wire.A.Sent, static packet => packet.Class == StunClass.Request && packet.Nominates);
    }

    [Fact]
    public void HostToHost_ByTheBook_Completes()
    {
        using Wire wire = Create(IceStrategy.Rfc8445);
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void RoleConflict_BothTheSame_EndsWithOneControlling(IceRole role)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            using var wire = new Wire(new IceAgentOptions { Role = role }, new IceAgentOptions { Role = role }, seed);
            wire.A.AddHost("192.0.2.1:5000", wire.Now);
            wire.B.AddHost("192.0.2.2:6000", wire.Now);
            wire.Signal();
            wire.Run(TimeSpan.FromSeconds(5));
            Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
            Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
            Assert.NotEqual(wire.A.Agent.Role, wire.B.Agent.Role);
        }
    }

    [Fact]
    public void Consent_PeerGone_StopsAfterThirtySeconds()
    {
        using Wire wire = Create();
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Instant cut = wire.Now;
        wire.Drops = static (_, _, _, _) => true;
        wire.Run(TimeSpan.FromSeconds(29.9) - TimeSpan.FromSeconds(6));
        Assert.True(wire.A.Agent.TryGetRoute(0, 1, wire.Now, out _));
        wire.Run(TimeSpan.FromSeconds(6.2));
        Assert.False(wire.A.Agent.TryGetRoute(0, 1, wire.Now, out _));
        Assert.Equal(IceSessionState.Disconnected, wire.A.Agent.State);
        Assert.Equal(IceFailureReason.ConsentLost, wire.A.Agent.FailureReason);
        int sent = wire.A.Sent.Count;
        wire.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(sent, wire.A.Sent.Count);
        Assert.True(wire.Now > cut);
    }

    [Fact]
    public void Restart_DataAllTheTime_NothingIsLost()
    {
        using Wire wire = Create();
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(1));
        Assert.True(wire.A.Agent.Restart(wire.Now));
        wire.Drain();
        for (int i = 0; i < 1000; i++)
        {
            if (i == 100)
            {
                wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters, wire.Now);
                wire.SignalCandidates(wire.A);
            }

            if (i == 200)
            {
                wire.A.Agent.SetRemoteParameters(wire.B.Agent.LocalParameters, wire.Now);
                wire.SignalCandidates(wire.B);
            }

            wire.SendData(wire.A, [0xFF, (byte)i]);
            wire.SendData(wire.B, [0xFF, (byte)i]);
            wire.Run(TimeSpan.FromMilliseconds(10));
        }

        wire.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1000, wire.A.DataSent);
        Assert.Equal(1000, wire.B.Received.Count);
        Assert.Equal(1000, wire.A.Received.Count);
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.Equal(2, wire.A.Events.Count(static e => e.Event.Kind == IceEventKind.Selected));
    }

    [Fact]
    public void Loss_AQuarter_Connects()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            using var wire = new Wire(seed: seed) { Loss = 0.25 };
            wire.A.AddHost("192.0.2.1:5000", wire.Now);
            wire.B.AddHost("192.0.2.2:6000", wire.Now);
            wire.Signal();
            wire.Run(TimeSpan.FromSeconds(20));
            Assert.True(wire.A.Agent.State == IceSessionState.Completed && wire.B.Agent.State == IceSessionState.Completed, $"seed {seed}: {wire.A} {wire.B}");
        }
    }

    [Fact]
    public void WrongPassword_FailsAndSaysSo()
    {
        using Wire wire = Create();
        wire.A.Agent.SetRemoteParameters(wire.B.Agent.LocalParameters with { Credentials = new IceCredentials(wire.B.Agent.LocalParameters.Credentials.UsernameFragment, new string('x', 22)) }, wire.Now);
        wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters with { Credentials = new IceCredentials(wire.A.Agent.LocalParameters.Credentials.UsernameFragment, new string('x', 22)) }, wire.Now);
        wire.SignalCandidates(wire.A);
        wire.SignalCandidates(wire.B);
        wire.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(IceSessionState.Failed, wire.A.Agent.State);
        Assert.Equal(IceFailureReason.WrongCredentials, wire.A.Agent.FailureReason);
    }

    // One side knows the other's password wrongly: its checks are refused for ever, while it keeps being asked.
    [Fact]
    public void WrongPasswordOnOneSide_FailsThereAndSaysSo()
    {
        using Wire wire = Create();
        var wrong = new IceCredentials(wire.B.Agent.LocalParameters.Credentials.UsernameFragment, new string('x', 22));
        wire.A.Agent.SetRemoteParameters(wire.B.Agent.LocalParameters with { Credentials = wrong }, wire.Now);
        wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters, wire.Now);
        wire.SignalCandidates(wire.A);
        wire.SignalCandidates(wire.B);
        wire.Run(TimeSpan.FromSeconds(45));
        Assert.Equal(IceSessionState.Failed, wire.A.Agent.State);
        Assert.Equal(IceFailureReason.WrongCredentials, wire.A.Agent.FailureReason);
        wire.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(IceSessionState.Failed, wire.A.Agent.State);
        Assert.Single(wire.A.Events, static e => e.Event.Kind == IceEventKind.StreamFailed);
    }
}
