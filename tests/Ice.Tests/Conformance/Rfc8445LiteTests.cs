using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 5.2, 6.1.1, 7.3.2 and 8.2: lite agents.</summary>
public sealed class Rfc8445LiteTests
{
    [Fact]
    public void LocalCandidates_OfALiteAgent_AreHostsAndOneForAnAddress()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { IsLite = true, Streams = [2] });
        Assert.NotNull(peer.AddBase(0, "192.0.2.1:5000"));
        Assert.Null(peer.AddBase(1, "192.0.2.1:5001"));
        Assert.NotNull(peer.AddBase(2, "192.0.2.1:5002", component: 2));
        Assert.NotNull(peer.AddBase(3, "[2001:db8::1]:5000"));
        Assert.Null(peer.AddBase(4, "203.0.113.1:5000", CandidateType.ServerReflexive, over: "192.0.2.9:5000"));
        Assert.Null(peer.AddBase(5, "203.0.113.2:5000", CandidateType.Relayed));
        Assert.Equal(3, peer.Agent.GetLocalCandidates(0).Count);
    }

    [Fact]
    public void TwoLiteAgents_TheOneThatBeganControls()
    {
        using Wire wire = Create();
        wire.Signal();
        Assert.Equal(IceRole.Controlling, wire.A.Agent.Role);
        Assert.Equal(IceRole.Controlled, wire.B.Agent.Role);
    }

    [Fact]
    public void TwoLiteAgents_AgreeOnOnePair_WithoutAnyCheck()
    {
        using Wire wire = Create();
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        CandidatePair ours = wire.A.Agent.GetSelectedPair(0, 1)!;
        CandidatePair theirs = wire.B.Agent.GetSelectedPair(0, 1)!;
        Assert.Equal((ours.Local.Address, ours.Remote.Address), (theirs.Remote.Address, theirs.Local.Address));
        Assert.DoesNotContain(wire.A.Sent.Concat(wire.B.Sent), static packet => packet.Class == StunClass.Request);
    }

    [Fact]
    public void LiteAgent_NominatedPairs_AreSelectedWithoutACheckOfItsOwn()
    {
        using var wire = new Wire(new IceAgentOptions { Role = IceRole.Controlling }, new IceAgentOptions { IsLite = true });
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.DoesNotContain(wire.B.Sent, static packet => packet.Class == StunClass.Request);
    }

    private static Wire Create()
    {
        var wire = new Wire(new IceAgentOptions { IsLite = true, Role = IceRole.Controlling }, new IceAgentOptions { IsLite = true, Role = IceRole.Controlled });
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.A.AddHost("[2001:db8::1]:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.B.AddHost("[2001:db8::2]:6000", wire.Now);
        return wire;
    }
}
