using System;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>What the tests of other implementations assert of theirs and no RFC says in so many words: docs/conformance-ice.md.</summary>
public sealed class OtherAgentsTests
{
    private const string Source = "192.0.2.2:6000";

    [Fact]
    public void RoundTripTime_OfAPair_IsThatOfItsLastCheck()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        SentMessage check = peer.LastRequest;
        peer.Run(0.03);
        peer.Answer(check);
        Assert.Equal(TimeSpan.FromMilliseconds(30), peer.Pair(Source).RoundTripTime);
    }

    [Fact]
    public void Response_OfAPairThatWasTakenOff_ChangesNothing()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddRemote("192.0.2.2:6001", priority: 2_000_000_001);
        peer.Run(0.02);
        SentMessage better = peer.Requests.Last(static request => request.To == Wire.Address("192.0.2.2:6001"));
        peer.Request(Source, nominates: true);
        peer.Answer(peer.Requests.Last(static request => request.To == Wire.Address(Source)));
        peer.Events.Clear();
        peer.Answer(better);
        Assert.Empty(peer.Events);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(Wire.Address(Source), route.Destination);
    }

    [Fact]
    public void MappedAddress_TheSameOnTwoSockets_MakesOneValidPair()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(1, "192.0.2.7:5000");
        peer.Run(1, request => peer.Answer(request, mapped: "203.0.113.1:7000"));
        peer.Answer(peer.Requests.First(static request => request.BaseId == 0), mapped: "203.0.113.1:7000");
        Assert.Equal(2, peer.Agent.Pairs.Count(static pair => pair.State == CandidatePairState.Succeeded));
        Assert.Single(peer.Agent.Pairs, static pair => pair.IsValid);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Default_ManyCandidatesOfOneDeadNetwork_TakeTurnsWithOtherKinds()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        for (int i = 1; i <= 20; i++)
        {
            peer.AddRemote($"198.51.100.{i}:6000", priority: 2_000_000_000 + (uint)i, foundation: $"a{i}");
        }

        peer.AddRemote("203.0.113.1:6000", CandidateType.ServerReflexive, 1_600_000_000, "b");
        peer.AddRemote("203.0.113.200:6000", CandidateType.Relayed, 10_000_000, "c");
        peer.Begin();
        peer.Run(0.02);
        string[] first = [.. peer.Requests.Take(3).Select(static request => request.To.ToString())];
        Assert.Equal(["198.51.100.20:6000", "203.0.113.1:6000", "203.0.113.200:6000"], first);
    }

    [Fact]
    public void RelayedPairFirst_DirectPairLater_DataMovesWithoutAGap()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "203.0.113.9:49152", CandidateType.Relayed);
        peer.Begin();
        peer.AddRemote(Source);
        peer.Run(0.3);
        peer.Answer(peer.Requests.Last(static request => request.BaseId == 1));
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(1, route.BaseId);
        peer.Answer(peer.Requests.Last(static request => request.BaseId == 0));
        Assert.True(peer.HasRoute(out route));
        Assert.Equal(0, route.BaseId);
        Assert.DoesNotContain(peer.Events, static e => e.Kind == IceEventKind.PathLost);
        Assert.Equal(2, peer.Events.Count(static e => e.Kind == IceEventKind.PathChanged));
    }

    [Fact]
    public void Base_RemovedAndAddedAgain_IsUsedAgain()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Answer(peer.LastRequest);
        peer.Agent.RemoveBase(0, peer.Now);
        peer.Drain();
        Assert.False(peer.HasRoute(out _));
        Assert.NotNull(peer.AddBase(1, "192.0.2.1:5000"));
        peer.Run(0.3);
        peer.Answer(peer.LastRequest);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(1, route.BaseId);
    }

    [Fact]
    public void Clock_AtItsOrigin_WorksAsAnyOther()
    {
        using var wire = new Wire { Now = Instant.Zero };
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost(Source, wire.Now);
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
    }

    [Fact]
    public void TwoComponents_PeerHasOne_CompletesWithThatOne()
    {
        // RFC 8445 section 6.1.2.2: the number of components is that of the agent that has fewer.
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled, Streams = [2] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();
        peer.AddRemote(Source);
        peer.Agent.EndLocalCandidates(peer.Now);
        peer.Agent.EndRemoteCandidates(peer.Now);
        peer.Request(Source, nominates: true);
        peer.Answer(peer.LastRequest);
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
        peer.Run(100, request => peer.Answer(request));
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void TwoComponents_TheBaseOfOneHasGone_DoNotCompleteWithTheOther()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled, Streams = [2] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();
        peer.AddRemote(Source);
        peer.AddRemote("192.0.2.2:6001", component: 2);
        peer.Agent.EndLocalCandidates(peer.Now);
        peer.Agent.EndRemoteCandidates(peer.Now);
        peer.Agent.RemoveBase(1, peer.Now);
        peer.Request(Source, nominates: true);
        peer.Answer(peer.Requests.Last(static request => request.BaseId == 0));
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
        peer.Run(60, request => peer.Answer(request));
        Assert.Equal(IceSessionState.Failed, peer.Agent.State);
    }

    [Fact]
    public void TwoComponents_CandidatesOfOneOverTheLimit_DoNotCompleteWithTheOther()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled, Streams = [2], Limits = new IceLimits { MaxCandidateMessages = 1 } });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();
        peer.AddRemote(Source);
        Assert.Equal(RemoteCandidateStatus.LimitReached, peer.AddRemote("192.0.2.2:6001", component: 2));
        peer.Agent.EndLocalCandidates(peer.Now);
        peer.Agent.EndRemoteCandidates(peer.Now);
        peer.Request(Source, nominates: true);
        peer.Answer(peer.LastRequest);
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void LoopbackCall_OwnParametersAndCandidates_EndsAndDoesNotSpin(IceRole role)
    {
        using var agent = new IceAgent(new IceAgentOptions { Role = role }, new SeededRandom(5));
        Instant now = new(TimeSpan.TicksPerHour);
        TransportAddress own = Wire.Address("192.0.2.1:5000");
        Candidate told = agent.AddLocalCandidate(new LocalCandidate { Type = CandidateType.Host, BaseId = 0, Address = own, Base = own }, now)!;
        agent.SetRemoteParameters(agent.LocalParameters, now);
        agent.AddRemoteCandidate(0, told, now);
        byte[] buffer = new byte[IceAgent.MaxMessageSize];
        int sent = 0;
        for (int step = 0; step < 10_000 && now < new Instant(TimeSpan.TicksPerHour) + TimeSpan.FromMinutes(5); step++)
        {
            while (agent.TryReadTransmit(buffer, now, out IceTransmit transmit))
            {
                sent++;
                Assert.True(sent < 1000);
                agent.HandleDatagram(0, own, buffer.AsSpan(0, transmit.Length).ToArray(), now, out _);
            }

            while (agent.TryReadEvent(out _))
            {
            }

            if (agent.NextTimeout is not { } next)
            {
                break;
            }

            now = next > now ? next : now;
            agent.HandleTimeout(now);
        }

        Assert.True(agent.State is IceSessionState.Failed or IceSessionState.Completed or IceSessionState.Connected, $"{agent.State}");
    }
}
