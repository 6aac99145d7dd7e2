using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 section 7.2.5: what follows from the answers to checks.</summary>
public sealed class Rfc8445ResponseTests
{
    [Theory]
    [InlineData("192.0.2.2:6001", 0)]
    [InlineData("192.0.2.9:6000", 0)]
    [InlineData("192.0.2.2:6000", 1)]
    public void Response_NotSymmetric_FailsThePair(string from, int to)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        SentMessage check = peer.LastRequest;
        peer.AddBase(1, "192.0.2.7:5000", component: 1);
        peer.Answer(check, from: from, to: to);
        Assert.Equal(CandidatePairState.Failed, peer.Pair("192.0.2.2:6000").State);
        Assert.False(peer.HasRoute(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_NeverAnswered_FailsThePair(bool byTheBook)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default });
        peer.Run(45);
        Assert.Equal(CandidatePairState.Failed, peer.Agent.Pairs[0].State);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void RoleConflictError_SwitchesRoleChangesTheTieBreakerAndChecksAgain(IceRole role)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = role });
        SentMessage first = peer.LastRequest;
        peer.Answer(first, StunErrorCode.RoleConflict);
        IceRole other = role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling;
        Assert.Equal(other, peer.Agent.Role);
        peer.Run(0.1);
        SentMessage second = peer.LastRequest;
        Assert.Equal(first.To, second.To);
        Assert.Equal(other, second.Role!.Value.Role);
        Assert.NotEqual(first.Role!.Value.TieBreaker, second.Role!.Value.TieBreaker);
        Assert.Single(peer.Events, static e => e.Kind == IceEventKind.RoleChanged);
    }

    [Fact]
    public void RoleConflictError_ToARequestOfTheRoleBefore_DoesNotSwitchAgain()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Run(0.2);
        SentMessage[] sent = [.. peer.Requests];
        Assert.True(sent.Length >= 2);
        peer.Answer(sent[0], StunErrorCode.RoleConflict);
        peer.Answer(sent[1], StunErrorCode.RoleConflict);
        Assert.Equal(IceRole.Controlled, peer.Agent.Role);
        Assert.Single(peer.Events, static e => e.Kind == IceEventKind.RoleChanged);
    }

    [Fact]
    public void RoleConflictError_FromAnotherPort_TakesTheOtherRoleAndChecksAgain()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        IceDisposition disposition = peer.Answer(peer.LastRequest, StunErrorCode.RoleConflict, from: "192.0.2.2:6001");
        Assert.Equal(IceDisposition.NotExpected, disposition);
        Assert.Equal(IceRole.Controlled, peer.Agent.Role);
        peer.Sent.Clear();
        peer.Run(0.1);
        Assert.Equal(IceRole.Controlled, peer.Requests.First().Role!.Value.Role);
        Assert.Equal("192.0.2.2:6000", peer.LastRequest.To.ToString());

        // It proves nothing of the pair, whose requests stay bounded.
        peer.Run(60);
        Assert.True(peer.Requests.Count() < IceLimits.Default.MaxTransmissions);
    }

    [Fact]
    public void RoleConflictError_ByTheBook_RequestsOfTheOldRoleAreNotRetransmitted()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Strategy = IceStrategy.Rfc8445 });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", foundation: "2", priority: 1_999_000_000);
        peer.Run(0.06);
        peer.Answer(peer.LastRequest, StunErrorCode.RoleConflict);
        peer.Sent.Clear();
        peer.Run(20);
        Assert.NotEmpty(peer.Requests);
        Assert.All(peer.Requests, static request => Assert.Equal(IceRole.Controlled, request.Role!.Value.Role));
    }

    [Fact]
    public void RoleConflicts_Endless_FailTheSession()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Run(30, request => peer.Answer(request, StunErrorCode.RoleConflict));
        Assert.Equal(IceSessionState.Failed, peer.Agent.State);
        Assert.Equal(IceFailureReason.RoleConflict, peer.Agent.FailureReason);
        Assert.Equal(3, peer.Events.Count(static e => e.Kind == IceEventKind.RoleChanged));
    }

    [Fact]
    public void MappedAddress_Unknown_IsAPeerReflexiveCandidateOfTheBase()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        SentMessage check = peer.LastRequest;
        peer.Answer(check, mapped: "203.0.113.1:7000");
        Candidate local = peer.Agent.GetPath(0, 1)!.Local;
        Assert.Equal(CandidateType.PeerReflexive, local.Type);
        Assert.Equal(Wire.Address("203.0.113.1:7000"), local.Address);
        Assert.Equal(Wire.Address("192.0.2.1:5000"), local.RelatedAddress);
        Assert.Equal(check.Priority, local.Priority);
        Assert.NotEqual(peer.Agent.GetLocalCandidates(0)[0].Foundation, local.Foundation);

        // Never told: the peer has learned it from the check.
        Assert.Single(peer.Agent.GetLocalCandidates(0));
    }

    [Fact]
    public void MappedAddress_OfAServerReflexiveCandidate_IsThatCandidate()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        Candidate told = peer.AddBase(0, "203.0.113.1:7000", CandidateType.ServerReflexive, over: "192.0.2.1:5000")!;
        peer.Answer(peer.LastRequest, mapped: "203.0.113.1:7000");
        Assert.Equal(told, peer.Agent.GetPath(0, 1)!.Local);
    }

    [Fact]
    public void Success_ThawsPairsOfTheSameFoundationInAllChecklists()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Streams = [1, 1], Strategy = IceStrategy.Rfc8445 });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", stream: 1);
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", stream: 1);
        Assert.Equal(CandidatePairState.Frozen, peer.Pair("192.0.2.2:6001", 1).State);
        peer.Answer(peer.LastRequest);
        Assert.NotEqual(CandidatePairState.Frozen, peer.Pair("192.0.2.2:6001", 1).State);
    }

    [Fact]
    public void Failure_ThawsNothing()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Streams = [1, 1], Strategy = IceStrategy.Rfc8445 });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", stream: 1);
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", stream: 1);
        peer.Answer(peer.LastRequest, (StunErrorCode)400);
        Assert.Equal(CandidatePairState.Failed, peer.Pair("192.0.2.2:6000").State);
        Assert.Single(peer.Requests);
    }

    [Fact]
    public void AlternateServer_IsNotFollowed()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Answer(peer.LastRequest, StunErrorCode.TryAlternate, alternate: "203.0.113.66:3478");
        peer.Run(60);
        Assert.DoesNotContain(peer.Sent, static sent => sent.To == Wire.Address("203.0.113.66:3478"));
        Assert.Equal(CandidatePairState.Failed, peer.Agent.Pairs[0].State);
    }

    [Fact]
    public void Response_WithAWrongPassword_IsAsIfItHadNotCome()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        SentMessage check = peer.LastRequest;
        Assert.Equal(IceDisposition.Unauthenticated, peer.Answer(check, password: "another password of 22"));
        Assert.False(peer.HasRoute(out _));
        Assert.Equal(IceDisposition.Taken, peer.Answer(check));
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Nomination_Fails_AnotherValidPairIsNominated()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        peer.AddRemote("192.0.2.2:6001", priority: 1_999_999_000);
        peer.Run(20, request =>
        {
            bool first = request.To == Wire.Address("192.0.2.2:6000");
            peer.Answer(request, first && request.Nominates ? (StunErrorCode)400 : default);
        });
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
        Assert.Equal(Wire.Address("192.0.2.2:6001"), peer.Agent.GetSelectedPair(0, 1)!.RemoteAddress);
        Assert.Single(peer.Events, static e => e.Kind == IceEventKind.Selected);
    }

    [Fact]
    public void HardIcmpError_OfTheDefault_DoesNotFailACheck_ByTheBookItDoes()
    {
        foreach (bool byTheBook in (bool[])[false, true])
        {
            using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default });
            peer.Agent.HandleUnreachable(0, Wire.Address("192.0.2.2:6000"), peer.Now);
            Assert.Equal(byTheBook, peer.Agent.Pairs[0].State == CandidatePairState.Failed);
        }
    }
}
