using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 6544: TCP candidates. Connections are the caller's; the agent says which it wants.</summary>
public sealed class Rfc6544Tests
{
    private const string Source = "192.0.2.2:6000";

    [Theory]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.Passive, true)]
    [InlineData(TcpCandidateType.SimultaneousOpen, TcpCandidateType.SimultaneousOpen, true)]
    [InlineData(TcpCandidateType.Passive, TcpCandidateType.Active, false)]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.Active, false)]
    [InlineData(TcpCandidateType.Passive, TcpCandidateType.Passive, false)]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.SimultaneousOpen, false)]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.None, false)]
    [InlineData(TcpCandidateType.None, TcpCandidateType.Passive, false)]
    public void Pairs_FollowTheTable_WithoutPassiveLocalCandidates(TcpCandidateType local, TcpCandidateType remote, bool paired)
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, local == TcpCandidateType.Active ? "192.0.2.1:9" : "192.0.2.1:5000", tcp: local);
        peer.Begin();
        peer.AddRemote(remote == TcpCandidateType.Active ? "192.0.2.2:9" : Source, tcp: remote);
        Assert.Equal(paired ? 1 : 0, peer.Agent.Pairs.Count);
    }

    [Fact]
    public void Check_WantsAConnectionFirst_AndGoesOverIt_WithoutRetransmission()
    {
        using ScriptedPeer peer = Active();
        IceEvent wanted = Assert.Single(peer.Events, static e => e.Kind == IceEventKind.ConnectionWanted);
        Assert.Equal((0, Wire.Address(Source)), (wanted.BaseId, wanted.Remote));
        Assert.Empty(peer.Sent);
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Run(30);
        Assert.Single(peer.Requests);
        Assert.Single(peer.Events, static e => e.Kind == IceEventKind.ConnectionWanted);
    }

    [Fact]
    public void Connection_NotToBeHad_FailsThePair()
    {
        using ScriptedPeer peer = Active();
        peer.Agent.HandleConnectionLost(0, Wire.Address(Source), peer.Now);
        Assert.Equal(CandidatePairState.Failed, peer.Agent.Pairs[0].State);
    }

    [Fact]
    public void PassiveCandidate_AcceptsConnectionsAndTheirChecks()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:5000", tcp: TcpCandidateType.Passive);
        peer.Begin();
        peer.Agent.HandleConnected(0, Wire.Address("198.51.100.7:40000"), peer.Now);
        peer.Request("198.51.100.7:40000", nominates: true);
        Assert.Equal(StunClass.SuccessResponse, peer.LastResponse.Class);
        peer.Answer(peer.LastRequest);
        CandidatePair selected = peer.Agent.GetSelectedPair(0, 1)!;
        Assert.Equal((CandidateType.PeerReflexive, TcpCandidateType.Active), (selected.Remote.Type, selected.Remote.TcpType));
        Assert.DoesNotContain(peer.Events, static e => e.Kind == IceEventKind.ConnectionWanted);
    }

    [Fact]
    public void Completed_ConnectionsThatWereNotSelected_AreUnwantedAfterThreeSeconds()
    {
        using ScriptedPeer peer = Active();
        peer.AddRemote("192.0.2.2:6001", tcp: TcpCandidateType.Passive, priority: 1_000_000);
        peer.Run(0.2);
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Agent.HandleConnected(0, Wire.Address("192.0.2.2:6001"), peer.Now);
        peer.Request(Source, nominates: true);
        peer.Run(1, request => peer.Answer(request, mapped: "192.0.2.1:40000"));
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
        Assert.DoesNotContain(peer.Events, static e => e.Kind == IceEventKind.ConnectionUnwanted);
        peer.Run(3);
        Assert.Equal(Wire.Address("192.0.2.2:6001"), Assert.Single(peer.Events, static e => e.Kind == IceEventKind.ConnectionUnwanted).Remote);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(new IceRoute(0, Wire.Address(Source)), route);
    }

    [Fact]
    public void ActiveCandidate_IsToldWithPort9()
    {
        using var peer = new ScriptedPeer();
        Assert.Equal(9, peer.AddBase(0, "192.0.2.1:5000", tcp: TcpCandidateType.Active)!.Address.Port);
    }

    [Fact]
    public void SelectedConnection_Closed_IsOpenedAgainByTheActiveSide()
    {
        using ScriptedPeer peer = Active();
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Request(Source, nominates: true);
        peer.Run(1, request => peer.Answer(request, mapped: "192.0.2.1:40000"));
        Assert.True(peer.HasRoute(out _));
        peer.Events.Clear();
        peer.Sent.Clear();

        peer.Agent.HandleConnectionLost(0, Wire.Address(Source), peer.Now);
        Assert.False(peer.HasRoute(out _));
        peer.Run(0.2);
        Assert.Single(peer.Events, static e => e.Kind == IceEventKind.ConnectionWanted);
        Assert.Empty(peer.Sent);
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Run(0.2);
        Assert.False(peer.HasRoute(out _));
        peer.Answer(peer.LastRequest, mapped: "192.0.2.1:40001");
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(new IceRoute(0, Wire.Address(Source)), route);
        Assert.NotNull(peer.Agent.GetSelectedPair(0, 1));
    }

    [Fact]
    public void SelectedConnection_Closed_ThePassiveSideWaitsForAnother()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:5000", tcp: TcpCandidateType.Passive);
        peer.Begin();
        peer.Agent.HandleConnected(0, Wire.Address("198.51.100.7:40000"), peer.Now);
        peer.Request("198.51.100.7:40000", nominates: true);
        peer.Answer(peer.LastRequest);
        Assert.True(peer.HasRoute(out _));
        peer.Agent.HandleConnectionLost(0, Wire.Address("198.51.100.7:40000"), peer.Now);
        peer.Sent.Clear();
        peer.Run(5);
        Assert.False(peer.HasRoute(out _));
        Assert.Empty(peer.Sent);
        Assert.DoesNotContain(peer.Events, static e => e.Kind == IceEventKind.ConnectionWanted);

        // The peer's second connection comes from another port, and its check is answered by one.
        peer.Agent.HandleConnected(0, Wire.Address("198.51.100.7:40001"), peer.Now);
        peer.Request("198.51.100.7:40001");
        peer.Answer(peer.LastRequest);
        Assert.True(peer.HasRoute(out IceRoute route));
        Assert.Equal(Wire.Address("198.51.100.7:40001"), route.Destination);
    }

    [Fact]
    public void Restart_KeepsTheConnectionAndChecksOverIt()
    {
        using ScriptedPeer peer = Active();
        peer.Agent.HandleConnected(0, Wire.Address(Source), peer.Now);
        peer.Request(Source, nominates: true);
        peer.Run(1, request => peer.Answer(request, mapped: "192.0.2.1:40000"));
        Assert.Equal(IceSessionState.Completed, peer.Agent.State);
        peer.Events.Clear();
        peer.Sent.Clear();

        peer.Agent.Restart(peer.Now);
        peer.Credentials = new IceCredentials("peer2", "passwordofthepeer67890");
        peer.Begin();
        peer.AddRemote(Source, tcp: TcpCandidateType.Passive);
        peer.Run(2);
        Assert.DoesNotContain(peer.Events, static e => e.Kind is IceEventKind.ConnectionUnwanted or IceEventKind.ConnectionWanted);
        Assert.Contains(peer.Requests, static request => request.To == Wire.Address(Source));
        Assert.True(peer.HasRoute(out _));
    }

    private static ScriptedPeer Active()
    {
        var peer = new ScriptedPeer(new IceAgentOptions { Role = IceRole.Controlled });
        peer.AddBase(0, "192.0.2.1:9", tcp: TcpCandidateType.Active);
        peer.Begin();
        peer.AddRemote(Source, tcp: TcpCandidateType.Passive);
        peer.Run(0.1);
        return peer;
    }
}
