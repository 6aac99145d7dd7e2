using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 7675: consent.</summary>
public sealed class Rfc7675Tests
{
    private const string Source = "192.0.2.2:6000";

    [Fact]
    public void Data_WithoutConsent_HasNoRoute()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Request(Source);
        Assert.False(peer.HasRoute(out _));
        peer.Answer(peer.LastRequest, StunErrorCode.ServerError);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void Consent_LastsThirtySecondsFromTheLastValidResponse()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Sent.Clear();
        peer.Run(10);
        SentMessage check = peer.LastRequest;
        peer.Answer(check, password: "another password of 22");
        peer.Answer(check, from: "192.0.2.2:6001");
        peer.Run(19.9);
        Assert.True(peer.HasRoute(out _));
        peer.Run(0.2);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void Requests_AndData_OfThePeerAreNoConsent()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        for (int i = 0; i < 31; i++)
        {
            peer.Request(Source);
            peer.Deliver(Source, [0x80, 1]);
            peer.Run(1);
        }

        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void Checks_Are4To6SecondsApart_RandomAndEachANewTransactionSentOnce()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Sent.Clear();
        peer.Run(1000, request => peer.Answer(request));
        SentMessage[] checks = [.. peer.Requests];
        TimeSpan[] gaps = [.. checks.Zip(checks.Skip(1), static (first, second) => second.When - first.When)];
        Assert.All(gaps, static gap => Assert.InRange(gap, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6)));
        Assert.Contains(gaps, static gap => gap < TimeSpan.FromSeconds(4.4));
        Assert.Contains(gaps, static gap => gap > TimeSpan.FromSeconds(5.6));
        Assert.Equal(checks.Length, checks.Select(static check => check.Id).Distinct().Count());
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Response_ToAnEarlierCheck_Counts()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Sent.Clear();
        peer.Run(20);
        SentMessage[] checks = [.. peer.Requests];
        Assert.True(checks.Length >= 3);
        Assert.Equal(IceDisposition.Taken, peer.Answer(checks[^2]));
        peer.Run(25);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Expired_NeitherLateResponsesNorChecksOfThePeerGiveConsentAgain_ARestartDoes()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Run(31);
        SentMessage late = peer.LastRequest;
        peer.Sent.Clear();
        peer.Answer(late);
        peer.Request(Source, nominates: true);
        peer.Run(60, request => peer.Answer(request));
        Assert.Empty(peer.Requests);
        Assert.False(peer.HasRoute(out _));
        Assert.Equal(IceSessionState.Disconnected, peer.Agent.State);

        peer.Agent.Restart(peer.Now);
        peer.Credentials = new IceCredentials("peer2", "passwordofthepeer67890");
        peer.Begin();
        peer.AddRemote(Source);
        peer.Request(Source, nominates: true);
        peer.Run(1, request => peer.Answer(request));
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Expired_AndForcedOffTheChecklist_TheSameCredentialsAreNotUsedThereAgain()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed(new IceAgentOptions { Limits = new IceLimits { MaxPairs = 4 } });
        peer.Run(31);
        Assert.False(peer.HasRoute(out _));
        for (int i = 1; i < 10; i++)
        {
            peer.Request($"198.51.100.{i}:7000");
        }

        peer.Run(30);
        peer.Sent.Clear();
        peer.Request(Source, nominates: true);
        peer.Run(5);
        Assert.DoesNotContain(peer.Requests, static request => request.To == Wire.Address(Source));
    }

    [Fact]
    public void Forbidden_ToACheckThatAsksForNoConsent_RevokesConsentToo()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(new IceAgentOptions { Role = IceRole.Controlled });
        peer.Run(0.1);
        SentMessage[] checks = [.. peer.Requests];
        Assert.True(checks.Length >= 2);
        peer.Answer(checks[0]);
        Assert.True(peer.HasRoute(out _));
        peer.Answer(checks[1], StunErrorCode.Forbidden);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void Forbidden_Authenticated_RevokesConsentAtOnce()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Sent.Clear();
        peer.Run(10);
        SentMessage check = peer.LastRequest;
        Assert.Equal(IceDisposition.Unauthenticated, peer.Answer(check, StunErrorCode.Forbidden, password: "another password of 22"));
        Assert.True(peer.HasRoute(out _));
        peer.Answer(check, StunErrorCode.Forbidden);
        Assert.False(peer.HasRoute(out _));
        Assert.Equal(IceFailureReason.ConsentLost, peer.Agent.FailureReason);
    }

    [Fact]
    public void OtherErrors_DoNotRevokeConsent()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Sent.Clear();
        peer.Run(10);
        peer.Answer(peer.LastRequest, StunErrorCode.ServerError);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Restart_WhileDataGoesTheOldWay_ConsentIsAskedThere()
    {
        using ScriptedPeer peer = ScriptedPeer.Completed();
        peer.Agent.Restart(peer.Now);
        peer.Sent.Clear();
        peer.Run(29, request => peer.Answer(request));
        Assert.True(peer.HasRoute(out _));
        Assert.InRange(peer.Requests.Count(), 4, 8);
        peer.Run(31);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void Tcp_ConsentIsCheckedToo()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:9", tcp: TcpCandidateType.Active);
        peer.Begin();
        peer.AddRemote(Source, tcp: TcpCandidateType.Passive);
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Drain();
        peer.Run(0.1);
        peer.Answer(peer.LastRequest, mapped: "192.0.2.1:40000");
        Assert.True(peer.HasRoute(out _));
        peer.Run(25, request => peer.Answer(request, mapped: "192.0.2.1:40000"));
        Assert.True(peer.HasRoute(out _));
        peer.Run(29);
        Assert.True(peer.Requests.Count() >= 8);
        peer.Run(6);
        Assert.False(peer.HasRoute(out _));
    }

    [Fact]
    public void LiteAgent_ChecksNoConsent_AndAnswersIt()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { IsLite = true });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.Request(Source, nominates: true);
        peer.Run(60);
        Assert.Empty(peer.Requests);
        Assert.True(peer.HasRoute(out _));
        peer.Request(Source);
        Assert.Equal(StunClass.SuccessResponse, peer.LastResponse.Class);
    }
}
