using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 section 7.3: checks of the peer.</summary>
public sealed class Rfc8445ServerTests
{
    private const string Source = "192.0.2.2:6000";

    [Fact]
    public void Request_IsAnsweredWithItsSource_AuthenticatedByOurPassword()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        Assert.Equal(IceDisposition.Taken, peer.Request("198.51.100.7:7777"));
        SentMessage answer = peer.LastResponse;
        Assert.Equal(StunClass.SuccessResponse, answer.Class);
        Assert.Equal(Wire.Address("198.51.100.7:7777"), answer.Mapped);
        Assert.Equal(answer.Mapped, answer.To);
        Assert.True(answer.IsProtectedBy(peer.Agent.LocalParameters.Credentials.Password));
        Assert.True(answer.HasFingerprint);
        Assert.Equal([StunAttributeType.MessageIntegrity, StunAttributeType.XorMappedAddress, StunAttributeType.Fingerprint], answer.Types);
    }

    [Fact]
    public void Request_BeforeTheParameters_IsAnsweredAtOnceAndCheckedWhenTheyCome()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:5000");
        Assert.Equal(IceDisposition.Taken, peer.Request(Source, nominates: true));
        Assert.Equal(StunClass.SuccessResponse, Assert.Single(peer.Sent).Class);
        peer.Begin();
        peer.Run(0.05);
        SentMessage check = peer.LastRequest;
        Assert.Equal(Wire.Address(Source), check.To);
        peer.Answer(check);
        Assert.Equal(Wire.Address(Source), peer.Agent.GetSelectedPair(0, 1)!.RemoteAddress);
    }

    [Theory]
    [InlineData("{0}:peer", true)]
    [InlineData("{0}:anything", true)]
    [InlineData("{0}:", true)]
    [InlineData("peer:{0}", false)]
    [InlineData("{0}", false)]
    [InlineData("{0}x:peer", false)]
    [InlineData("{0}:peer:more", false)]
    [InlineData(":peer", false)]
    [InlineData("", false)]
    public void Username_IsValidIfItsFirstPartIsOurFragment(string form, bool valid)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        string username = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, peer.Agent.LocalParameters.Credentials.UsernameFragment);
        IceDisposition disposition = peer.Request(Source, username: username);
        Assert.Equal(valid, disposition != IceDisposition.Unauthenticated);
        Assert.Equal(valid ? StunClass.SuccessResponse : StunClass.ErrorResponse, peer.LastResponse.Class);
    }

    [Fact]
    public void Request_WrongPassword_Is401AndChangesNothing()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        Assert.Equal(IceDisposition.Unauthenticated, peer.Request("198.51.100.7:7777", password: "another password of 22", nominates: true));
        Assert.Equal(StunErrorCode.Unauthenticated, peer.LastResponse.Error);
        Assert.False(peer.LastResponse.HasIntegrity);
        Assert.Single(peer.Agent.Pairs);
    }

    [Fact]
    public void Request_WithoutFingerprint_IsNoCheck()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        int sent = peer.Sent.Count;
        Assert.Equal(IceDisposition.Unvalidated, peer.Request(Source, hasFingerprint: false));
        Assert.Equal(sent, peer.Sent.Count);
    }

    [Fact]
    public void Request_OfRfc3489_IsNotAnswered()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        int sent = peer.Sent.Count;
        byte[] classic = new byte[20];
        classic[1] = 1;
        Assert.Equal(IceDisposition.Unvalidated, peer.Deliver(Source, classic));
        Assert.Equal(sent, peer.Sent.Count);
    }

    [Theory]
    [InlineData(IceRole.Controlling, ScriptedPeer.Low, true)]
    [InlineData(IceRole.Controlling, ScriptedPeer.High, false)]
    [InlineData(IceRole.Controlled, ScriptedPeer.Low, false)]
    [InlineData(IceRole.Controlled, ScriptedPeer.High, true)]
    public void RoleConflict_OurTieBreakerAgainstTheirs_FollowsTheTable(IceRole role, ulong theirs, bool refused)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = role });
        ulong priority = peer.Agent.Pairs[0].Priority;
        peer.Request(Source, role: role, tieBreaker: theirs);
        Assert.Equal(refused ? StunErrorCode.RoleConflict : default, peer.LastResponse.Error);
        Assert.Equal(refused, peer.Agent.Role == role);
        Assert.Equal(refused, peer.Agent.Pairs[0].Priority == priority);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void RoleConflict_EqualTieBreakers_AreTakenAsOurs(IceRole role)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = role });
        peer.Request(Source, role: role, tieBreaker: peer.LastRequest.Role!.Value.TieBreaker);

        // Section 7.3.1.1: "larger than or equal": the controlling one keeps its role, the controlled one switches.
        Assert.Equal(role == IceRole.Controlling ? StunErrorCode.RoleConflict : default, peer.LastResponse.Error);
        Assert.Equal(IceRole.Controlling, peer.Agent.Role);
    }

    [Fact]
    public void Request_UnknownSource_IsAPeerReflexiveCandidateWithItsPriorityAndAFoundationOfItsOwn()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Request("198.51.100.7:7777", priority: 4711);
        peer.Request("198.51.100.7:778", priority: 4712);
        Candidate[] learned = [.. peer.Agent.Pairs.Select(static pair => pair.Remote).Where(static remote => remote.Type == CandidateType.PeerReflexive)];
        Assert.Equal([4712u, 4711u], learned.Select(static remote => remote.Priority));
        Assert.Equal(3, peer.Agent.Pairs.Select(static pair => pair.Remote.Foundation).Distinct().Count());
        Assert.All(learned, static remote => Assert.Equal(1, remote.ComponentId));
    }

    [Fact]
    public void Request_UnknownSource_IsPairedWithTheBaseItCameToAlone()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.AddBase(1, "192.0.2.7:5000");
        peer.Request("198.51.100.7:7777", baseId: 1);
        Assert.Equal(1, Assert.Single(peer.Agent.Pairs, static pair => pair.Remote.Type == CandidateType.PeerReflexive).BaseId);
        peer.AddBase(2, "192.0.2.8:5000");
        Assert.Single(peer.Agent.Pairs, static pair => pair.Remote.Type == CandidateType.PeerReflexive);
    }

    [Theory]
    [InlineData(CandidatePairState.Frozen)]
    [InlineData(CandidatePairState.Waiting)]
    [InlineData(CandidatePairState.InProgress)]
    [InlineData(CandidatePairState.Failed)]
    public void Request_PairNotSucceeded_TriggersACheck(CandidatePairState state)
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Strategy = IceStrategy.Rfc8445, Streams = [2] });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.AddBase(1, "192.0.2.1:5001", component: 2);
        peer.Begin();
        if (state is CandidatePairState.Waiting or CandidatePairState.Frozen)
        {
            // Busy for one Ta: the pair of the test waits, or is frozen behind it.
            peer.AddRemote("192.0.2.9:6009", foundation: state == CandidatePairState.Frozen ? "1" : "2");
            peer.AddRemote(Source, priority: 1_999_000_000, component: state == CandidatePairState.Frozen ? 2 : 1);
        }
        else
        {
            peer.AddRemote(Source);
        }

        int baseId = state == CandidatePairState.Frozen ? 1 : 0;
        if (state == CandidatePairState.Failed)
        {
            peer.Answer(peer.LastRequest, (StunErrorCode)400);
        }

        Assert.Equal(state, peer.Pair(Source, baseId).State);
        int before = peer.Requests.Count(static request => request.To == Wire.Address(Source));
        peer.Request(Source, baseId: baseId);
        peer.Run(0.06);
        Assert.Equal(before + 1, peer.Requests.Count(static request => request.To == Wire.Address(Source)));
        Assert.Equal(CandidatePairState.InProgress, peer.Pair(Source, baseId).State);
    }

    [Fact]
    public void Request_PairInProgress_TheCheckGivenUpMayStillBeAnswered()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Strategy = IceStrategy.Rfc8445 });
        SentMessage first = peer.LastRequest;
        peer.Request(Source);
        peer.Run(0.06);
        Assert.NotEqual(first.Id, peer.LastRequest.Id);
        peer.Answer(first);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Request_PairSucceeded_TriggersNothing()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Answer(peer.LastRequest);
        int sent = peer.Requests.Count();
        peer.Request(Source);
        peer.Run(1);
        Assert.Equal(sent, peer.Requests.Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UseCandidate_BeforeOrAfterOurCheckSucceeded_SelectsThePair(bool before)
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        if (before)
        {
            peer.Request(Source, nominates: true);
            Assert.Null(peer.Agent.GetSelectedPair(0, 1));
        }

        peer.Answer(peer.LastRequest);
        if (!before)
        {
            Assert.Null(peer.Agent.GetSelectedPair(0, 1));
            peer.Request(Source, nominates: true);
        }

        Assert.NotNull(peer.Agent.GetSelectedPair(0, 1));
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
    }

    [Fact]
    public void UseCandidate_TheTriggeredCheckFails_ThePairIsNotValid()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Request(Source, nominates: true);
        peer.Answer(peer.LastRequest, (StunErrorCode)400);
        Assert.Equal(CandidatePairState.Failed, peer.Pair(Source).State);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void UseCandidate_ThatIsNotAccepted_IsRefused()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled, Limits = new IceLimits { MaxPeerReflexive = 0 } });
        peer.Request("198.51.100.7:7777", nominates: true);
        Assert.Equal(StunErrorCode.BadRequest, peer.LastResponse.Error);
        Assert.True(peer.LastResponse.HasIntegrity);
        peer.Request("198.51.100.7:7777");
        Assert.Equal(StunClass.SuccessResponse, peer.LastResponse.Class);
        peer.Request(Source, nominates: true, username: $"{peer.Agent.LocalParameters.Credentials.UsernameFragment}:somebodyelse");
        Assert.Equal(StunErrorCode.BadRequest, peer.LastResponse.Error);
    }

    [Fact]
    public void UseCandidate_FromAPeerThatIsControlled_NominatesNothing()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlling, Strategy = IceStrategy.Rfc8445 });
        peer.Answer(peer.LastRequest);
        peer.Request(Source, nominates: true, role: IceRole.Controlled);
        Assert.Null(peer.Agent.GetSelectedPair(0, 1));
    }

    [Fact]
    public void Request_WithoutRoleOrWithABadPriority_Is400()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Request(Source, hasRole: false);
        Assert.Equal(StunErrorCode.BadRequest, peer.LastResponse.Error);
        foreach (uint? priority in (uint?[])[null, 0, 0x80000000])
        {
            peer.Request(Source, priority: priority);
            Assert.Equal(StunErrorCode.BadRequest, peer.LastResponse.Error);
            Assert.True(peer.LastResponse.HasIntegrity);
        }
    }

    [Fact]
    public void Request_UnknownComprehensionRequiredAttribute_Is420()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Request(Source, extra: [(StunAttributeType)0x7FFE]);
        Assert.Equal(StunErrorCode.UnknownAttribute, peer.LastResponse.Error);
        peer.Request(Source, extra: [(StunAttributeType)0xFFFE]);
        Assert.Equal(StunClass.SuccessResponse, peer.LastResponse.Class);
    }

    [Fact]
    public void Requests_AfterTheEnd_AreAnsweredOnAllBases()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.AddBase(1, "192.0.2.7:5000");
        peer.Run(10, request => peer.Answer(request));
        foreach (int baseId in (int[])[0, 1])
        {
            int answers = peer.Sent.Count(static sent => sent.Class == StunClass.SuccessResponse);
            peer.Request(Source, baseId: baseId);
            Assert.Equal(answers + 1, peer.Sent.Count(static sent => sent.Class == StunClass.SuccessResponse));
        }

        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
    }
}
