using System;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Lite agents: RFC 8445 sections 2.5, 6.1.1, 7.3.2 and 8.2; security.md section 5.5, I35.</summary>
public sealed class LiteTests
{
    private static IceAgentOptions Lite(IceRole role) => new() { IsLite = true, Role = role };

    // Section 6.1.1: the full agent controls, whoever began.
    [Theory]
    [InlineData(IceRole.Controlling, IceRole.Controlled)]
    [InlineData(IceRole.Controlled, IceRole.Controlling)]
    [InlineData(IceRole.Controlling, IceRole.Controlling)]
    public void FullAndLite_AnyRoles_TheFullOneControlsAndTheLiteOneChecksNothing(IceRole full, IceRole lite)
    {
        using var wire = new Wire(new IceAgentOptions { Role = full }, Lite(lite));
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Signal();
        wire.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(IceRole.Controlling, wire.A.Agent.Role);
        Assert.Equal(IceRole.Controlled, wire.B.Agent.Role);
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.Equal(0, wire.B.Requests);
        Assert.InRange(wire.A.Requests, 20, 40);
        wire.SendData(wire.B, [0xFF]);
        wire.Run(Wires.Second);
        Assert.Single(wire.A.Received);
    }

    // Section 7.3.2: it believes what is nominated, and nothing before.
    [Fact]
    public void Lite_Checks_AreAnsweredAndTheNominatedPairIsTaken()
    {
        using Bench bench = new Bench(Lite(IceRole.Controlled)).Begin();
        bench.Receive(bench.Check());
        Assert.False(bench.CanSend());
        Assert.Equal(IceSessionState.Checking, bench.Agent.State);
        TransportAddress other = Wire.Address("192.0.2.3:6000");
        bench.Receive(bench.Check(CheckForm.Nominating), other);
        Assert.Equal(other, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.True(bench.CanSend());
        bench.Run(TimeSpan.FromMinutes(10));
        Assert.Empty(bench.Requests);
        Assert.True(bench.CanSend());
    }

    [Fact]
    public void Lite_AFloodOfCandidatesAndChecks_SendsNoCheck()
    {
        using Bench bench = new Bench(Lite(IceRole.Controlled)).Begin();
        for (int i = 0; i < 200; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.{i + 1}:6000")));
            bench.Receive(bench.Check(), Wire.Address($"198.51.100.{i + 1}:6000"));
        }

        bench.Run(TimeSpan.FromMinutes(2));
        Assert.Empty(bench.Requests);
        Assert.InRange(bench.Agent.Pairs.Count, 0, 16);
    }

    [Fact]
    public void Lite_NothingButHosts_IsACandidate()
    {
        using var bench = new Bench(Lite(IceRole.Controlled));
        Assert.Null(bench.Add(0, Wire.Address("198.51.100.1:40000"), type: CandidateType.ServerReflexive, of: Bench.Here));
        Assert.Null(bench.Add(1, Wire.Address("198.51.100.1:40001"), type: CandidateType.Relayed));
    }

    // Section 8.2: each component takes the best pair, the same on both sides; the one that began controls.
    [Fact]
    public void LiteAndLite_TakeTheSamePairWithoutACheck()
    {
        using var wire = new Wire(Lite(IceRole.Controlling), Lite(IceRole.Controlled));
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.A.AddHost("[2001:db8::1]:5000", wire.Now);
        wire.B.AddHost("[2001:db8::2]:6000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Signal();
        wire.Run(Wires.Second);
        Assert.Equal(IceRole.Controlling, wire.A.Agent.Role);
        Assert.Equal(IceRole.Controlled, wire.B.Agent.Role);
        CandidatePair a = wire.A.Agent.GetSelectedPair(0, 1)!;
        CandidatePair b = wire.B.Agent.GetSelectedPair(0, 1)!;
        Assert.Equal((a.Local.Address, a.Remote.Address, a.Priority), (b.Remote.Address, b.Local.Address, b.Priority));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.Empty(wire.A.Sent);
        wire.SendData(wire.A, [0xFF]);
        wire.SendData(wire.B, [0xFE]);
        wire.Run(Wires.Second);
        Assert.Single(wire.A.Received);
        Assert.Single(wire.B.Received);

        // Section 11: keepalives, and nothing else.
        wire.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(2, wire.A.Sent.Count);
        Assert.All(wire.A.Sent, static packet => Assert.Equal(StunClass.Indication, packet.Class));
    }

    // A lite peer with candidates that do not answer: the full one says so.
    [Fact]
    public void LitePeer_Silent_FailsInTime()
    {
        using Bench bench = new Bench(new IceAgentOptions { Role = IceRole.Controlled }).Begin(lite: true);
        Assert.Equal(IceRole.Controlling, bench.Agent.Role);
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
    }
}
