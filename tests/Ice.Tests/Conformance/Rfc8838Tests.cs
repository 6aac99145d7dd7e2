using System.Linq;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8838 and RFC 8863: candidates that come later, and patience.</summary>
public sealed class Rfc8838Tests
{
    private static readonly IceAgentOptions ByTheBook = new() { Streams = [2], Strategy = IceStrategy.Rfc8445 };

    [Fact]
    public void Checklist_WithoutPairs_RunsAsLongAsCandidatesMayCome()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.Run(30);
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote("192.0.2.2:6000"));
        Assert.Single(peer.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Failure_IsNotBeforeThePacTimerEnds_AndNotAfterIt(bool ended)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        if (ended)
        {
            peer.Agent.EndLocalCandidates(peer.Now);
            peer.Agent.EndRemoteCandidates(peer.Now);
        }

        peer.Answer(peer.LastRequest, (Stack.Stun.StunErrorCode)400);
        Assert.Equal(CandidatePairState.Failed, peer.Agent.Pairs[0].State);
        peer.Run(39.4);
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
        peer.Run(0.2);
        Assert.Equal(IceSessionState.Failed, peer.Agent.State);
        Assert.Equal(IceFailureReason.NoValidPair, peer.Agent.FailureReason);
    }

    [Fact]
    public void PacTimer_WithoutAnyCandidate_StartsWithTheParameters()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Run(100);
        peer.Begin();
        peer.Run(39.4);
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
        peer.Run(0.2);
        Assert.Equal(IceSessionState.Failed, peer.Agent.State);
    }

    [Fact]
    public void PeersCheck_WhileThePacTimerRuns_Connects()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.Agent.EndLocalCandidates(peer.Now);
        peer.Agent.EndRemoteCandidates(peer.Now);
        peer.Run(39);
        peer.Request("198.51.100.7:7777", nominates: true);
        peer.Run(1, request => peer.Answer(request));
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
    }

    [Fact]
    public void Failed_ACandidateOrCheckThatComesNonetheless_RunsAgain()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Run(120);
        Assert.Equal(IceSessionState.Failed, peer.Agent.State);
        peer.AddRemote("192.0.2.2:6001");
        Assert.Equal(IceSessionState.Checking, peer.Agent.State);
        peer.Run(1, request => peer.Answer(request));
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Candidates_AfterTheEnd_AreIgnored()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Agent.EndRemoteCandidates(peer.Now);
        Assert.Equal(RemoteCandidateStatus.AfterEnd, peer.AddRemote("192.0.2.2:6001"));
        Assert.Single(peer.Agent.Pairs);
    }

    [Fact]
    public void Candidates_AfterTheEndThatCameBeforeTheParameters_AreIgnored()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        Assert.Equal(RemoteCandidateStatus.Queued, peer.AddRemote("192.0.2.2:6000"));
        peer.Agent.EndRemoteCandidates(peer.Now);
        Assert.Equal(RemoteCandidateStatus.AfterEnd, peer.AddRemote("192.0.2.2:6001"));
        peer.Begin();
        Assert.Single(peer.Agent.Pairs);
    }

    [Fact]
    public void Candidates_OfAnotherGeneration_AreIgnored()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        Assert.Equal(RemoteCandidateStatus.WrongGeneration, peer.AddRemote("192.0.2.2:6001", fragment: "older"));
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote("192.0.2.2:6002", fragment: "peer"));
    }

    [Fact]
    public void Candidate_WithoutLocalOnes_WaitsForThem()
    {
        using var peer = new ScriptedPeer();
        peer.Begin();
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote("192.0.2.2:6000"));
        Assert.Empty(peer.Agent.Pairs);
        peer.AddBase(0, "192.0.2.1:5000");
        Assert.Single(peer.Agent.Pairs);
    }

    [Fact]
    public void LocalCandidate_RedundantWhateverItsPriority_IsIgnored()
    {
        using var peer = new ScriptedPeer();
        Assert.NotNull(peer.AddBase(0, "192.0.2.1:5000"));
        Assert.Null(peer.AddBase(0, "192.0.2.1:5000", CandidateType.ServerReflexive, over: "192.0.2.1:5000"));
    }

    [Fact]
    public void NewPairs_StateFollowsTheThreeRules()
    {
        using var peer = new ScriptedPeer(ByTheBook);
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();

        // Busy for one Ta, with a foundation of its own, so that states can be seen.
        peer.AddRemote("192.0.2.9:6009", foundation: "9");

        // Rule 1: the topmost of its foundation. Rule 3: all others.
        peer.AddRemote("192.0.2.2:6000");
        Assert.Equal(CandidatePairState.Waiting, peer.Pair("192.0.2.2:6000").State);
        peer.AddRemote("192.0.2.2:6001", component: 2);
        Assert.Equal(CandidatePairState.Frozen, peer.Pair("192.0.2.2:6001", 1).State);

        // Rule 2: one of the foundation has succeeded.
        peer.Run(0.5, request => peer.Answer(request));
        peer.AddRemote("192.0.2.2:6002", component: 2, priority: 1_000_000_000);
        Assert.Contains(peer.Pair("192.0.2.2:6002", 1).State, (CandidatePairState[])[CandidatePairState.Waiting, CandidatePairState.InProgress]);
    }

    [Fact]
    public void PeerReflexiveCandidate_SignaledLater_TakesItsTrueTypeAndPriority()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Request("198.51.100.7:7777", priority: 4711);
        Assert.Equal(RemoteCandidateStatus.ReplacedPeerReflexive, peer.AddRemote("198.51.100.7:7777", CandidateType.ServerReflexive, 1_694_498_815, "5"));
        CandidatePair pair = peer.Pair("198.51.100.7:7777");
        Assert.Equal((CandidateType.ServerReflexive, 1_694_498_815u, "5"), (pair.Remote.Type, pair.Remote.Priority, pair.Remote.Foundation));
        Assert.Equal(2, peer.Agent.Pairs.Count);
    }

    [Fact]
    public void FullChecklist_FailedPairsMakeRoomFirst_ThenThoseOfLowerPriority()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Limits = new IceLimits { MaxPairs = 2 }, Strategy = IceStrategy.Rfc8445 });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000", priority: 5000);
        peer.Answer(peer.LastRequest, (Stack.Stun.StunErrorCode)400);
        peer.AddRemote("192.0.2.3:6000", priority: 100, foundation: "2");
        peer.AddRemote("192.0.2.4:6000", priority: 200, foundation: "3");
        Assert.Equal(["192.0.2.4:6000", "192.0.2.3:6000"], peer.Agent.Pairs.Select(static pair => pair.Remote.Address.ToString()));
        peer.AddRemote("192.0.2.5:6000", priority: 300, foundation: "4");
        Assert.Contains(peer.Agent.Pairs, static pair => pair.Remote.Priority == 300);
        Assert.Equal(2, peer.Agent.Pairs.Count);
    }

    // What was on its way at a restart is of the generation before: the answer to the restart, which signaling keeps behind it, is to come.
    [Fact]
    public void EndOfCandidates_ThatTheRestartHasOvertaken_EndsNothing()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        Assert.True(peer.Agent.Restart(peer.Now));
        peer.Agent.EndRemoteCandidates(peer.Now);
        peer.Credentials = new IceCredentials("next", "passwordofthepeer54321");
        Assert.True(peer.Begin());
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote("192.0.2.2:6000"));
        peer.Agent.EndRemoteCandidates(peer.Now);
        Assert.Equal(RemoteCandidateStatus.AfterEnd, peer.AddRemote("192.0.2.2:6001"));
    }
}
