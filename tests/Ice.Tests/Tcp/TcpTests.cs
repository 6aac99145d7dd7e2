using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>ICE over TCP: RFC 6544 sections 4 to 8.</summary>
public sealed class TcpTests
{
    private static readonly TransportAddress ActiveHere = Wire.Address("192.0.2.1:9");

    private static Bench Create(TcpCandidateType type, IceRole role = IceRole.Controlling)
    {
        var bench = new Bench(new IceAgentOptions { Role = role }, host: false);
        bench.Add(0, type == TcpCandidateType.Active ? ActiveHere : Bench.Here, transport: CandidateTransport.Tcp, tcp: type);
        return bench.Begin();
    }

    private static Candidate Remote(TcpCandidateType type, int port = 6000)
        => Bench.Remote(Wire.Address($"192.0.2.2:{port}"), transport: CandidateTransport.Tcp, tcp: type);

    private static void Connect(Bench bench, TransportAddress? remote = null)
    {
        bench.Agent.HandleConnected(0, remote ?? Bench.There, bench.Now);
        bench.Drain();
    }

    // Section 6.2.
    [Theory]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.Passive, true)]
    [InlineData(TcpCandidateType.SimultaneousOpen, TcpCandidateType.SimultaneousOpen, true)]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.Active, false)]
    [InlineData(TcpCandidateType.Active, TcpCandidateType.SimultaneousOpen, false)]
    [InlineData(TcpCandidateType.Passive, TcpCandidateType.Active, false)]
    [InlineData(TcpCandidateType.Passive, TcpCandidateType.Passive, false)]
    [InlineData(TcpCandidateType.Passive, TcpCandidateType.SimultaneousOpen, false)]
    [InlineData(TcpCandidateType.SimultaneousOpen, TcpCandidateType.Passive, false)]
    [InlineData(TcpCandidateType.SimultaneousOpen, TcpCandidateType.Active, false)]
    public void Pair_OfTcpTypes_WantsAConnectionWhereItCanMakeOne(TcpCandidateType local, TcpCandidateType remote, bool wanted)
    {
        using Bench bench = Create(local);
        Assert.Equal(RemoteCandidateStatus.Added, bench.AddRemote(Remote(remote, remote == TcpCandidateType.Active ? 9 : 6000)));
        bench.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(wanted ? 1 : 0, bench.Count(IceEventKind.ConnectionWanted));
        Assert.Empty(bench.Sent);
    }

    // Section 7.1: the check goes over the connection, once; TCP repeats for itself.
    [Theory]
    [InlineData(TcpCandidateType.Active)]
    [InlineData(TcpCandidateType.SimultaneousOpen)]
    public void Connected_Check_IsSentOnceAndMakesThePairValid(TcpCandidateType type)
    {
        using Bench bench = Create(type);
        bench.AddRemote(Remote(type == TcpCandidateType.Active ? TcpCandidateType.Passive : type));
        IceEvent wanted = bench.Events.Single(static e => e.Event.Kind == IceEventKind.ConnectionWanted).Event;
        Assert.Equal((0, Bench.There), (wanted.BaseId, wanted.Remote));
        bench.Run(TimeSpan.FromSeconds(2));
        Connect(bench);
        bench.Run(TimeSpan.FromSeconds(10));
        SentPacket check = Assert.Single(bench.Sent);
        bench.Responder = bench.Grant;
        bench.Receive(bench.Answer(check, Wire.Address("192.0.2.1:51000")));
        Assert.Equal(Wire.Address("192.0.2.1:51000"), Assert.Single(bench.Agent.Pairs).Local.Address);
        bench.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(type, bench.Agent.GetSelectedPair(0, 1)!.Local.TcpType);
    }

    // RFC 8489 section 6.2.2: Ti, 39.5 s.
    [Fact]
    public void Connected_NoAnswer_FailsAfterTi()
    {
        using Bench bench = Create(TcpCandidateType.Active);
        bench.AddRemote(Remote(TcpCandidateType.Passive));
        Connect(bench);
        bench.Run(TimeSpan.FromSeconds(39));
        Assert.Equal(CandidatePairState.InProgress, bench.Agent.Pairs[0].State);
        bench.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(CandidatePairState.Failed, bench.Agent.Pairs[0].State);
        Assert.Single(bench.Sent);
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
    }

    // The connecting side is seen from a port that nobody has told; the check in return goes over the same connection.
    [Fact]
    public void Passive_CheckOverAnAcceptedConnection_IsReturnedOverIt()
    {
        using Bench bench = Create(TcpCandidateType.Passive, IceRole.Controlled);
        bench.AddRemote(Remote(TcpCandidateType.Active, 9));
        TransportAddress accepted = Wire.Address("192.0.2.2:49152");
        Connect(bench, accepted);
        Assert.Empty(bench.Sent);
        bench.Responder = bench.Grant;
        bench.Receive(bench.Check(CheckForm.Nominating), accepted);
        bench.Run(Wires.Second);
        Assert.Equal(0, bench.Count(IceEventKind.ConnectionWanted));
        Assert.All(bench.Sent, packet => Assert.Equal(accepted, packet.To));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal((TcpCandidateType.Passive, TcpCandidateType.Active), (bench.Agent.GetSelectedPair(0, 1)!.Local.TcpType, bench.Agent.GetSelectedPair(0, 1)!.Remote.TcpType));
    }

    // A port scanner holds what it can; the peer still comes through (Kurento#486).
    [Fact]
    public void Passive_FiveHundredIdleConnections_DoNotShutOutThePeer()
    {
        using Bench bench = Create(TcpCandidateType.Passive, IceRole.Controlled);
        for (int i = 0; i < 500; i++)
        {
            Connect(bench, Wire.Address($"198.51.100.7:{10_000 + i}"));
        }

        TransportAddress accepted = Wire.Address("192.0.2.2:49152");
        Connect(bench, accepted);
        bench.Responder = bench.Grant;
        bench.Receive(bench.Check(CheckForm.Nominating), accepted);
        bench.Run(Wires.Second);
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        bench.Run(TimeSpan.FromMinutes(1));
        Assert.InRange(bench.Count(IceEventKind.ConnectionUnwanted), 128, 500);
    }

    [Fact]
    public void Connect_Refused_FailsThePair()
    {
        using Bench bench = Create(TcpCandidateType.Active);
        bench.AddRemote(Remote(TcpCandidateType.Passive));
        bench.Agent.HandleConnectionLost(0, Bench.There, bench.Now);
        bench.Drain();
        Assert.Equal(CandidatePairState.Failed, bench.Agent.Pairs[0].State);
        bench.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void Connection_LostWhileItCarriesData_PathGoesToTheOtherPair()
    {
        using Bench bench = Create(TcpCandidateType.Active);
        bench.Add(1, Bench.Here);
        TransportAddress slow = Wire.Address("192.0.2.2:7000");
        bench.Responder = bench.Grant;
        bench.AddRemote(Remote(TcpCandidateType.Passive) with { Priority = 0x7EFFFFFF });
        Connect(bench);
        bench.AddRemote(Bench.Remote(slow, priority: 100));
        bench.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, bench.Agent.GetPath(0, 1)!.BaseId);
        bench.Agent.HandleConnectionLost(0, Bench.There, bench.Now);
        bench.Drain();
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive([0xFF]));
        bool hasOther = bench.Agent.GetPath(0, 1) is { BaseId: 1 };
        Assert.Equal(hasOther, bench.CanSend());
        Assert.True(hasOther || bench.Count(IceEventKind.PathLost) == 1);
    }

    // Section 8: what was not selected is closed three seconds after the end.
    [Fact]
    public void Completed_OtherConnections_AreUnwantedAfterThreeSeconds()
    {
        using Bench bench = Create(TcpCandidateType.Active);
        bench.Responder = bench.Grant;
        TransportAddress second = Wire.Address("192.0.2.2:6001");
        bench.AddRemote(Remote(TcpCandidateType.Passive));
        bench.AddRemote(Remote(TcpCandidateType.Passive, 6001) with { Priority = 1000 });
        bench.Run(TimeSpan.FromMilliseconds(100));
        Connect(bench);
        Connect(bench, second);
        bench.Run(TimeSpan.FromSeconds(0.5));
        while (bench.Agent.State != IceSessionState.Completed)
        {
            bench.Run(TimeSpan.FromMilliseconds(100));
        }

        Instant completed = bench.Events.Last(static e => e.Event.State == IceSessionState.Completed && e.Event.Kind == IceEventKind.StateChanged).When;
        bench.Run(TimeSpan.FromSeconds(10));
        (Instant when, IceEvent unwanted) = Assert.Single(bench.Events, static e => e.Event.Kind == IceEventKind.ConnectionUnwanted);
        Assert.Equal(3, (when - completed).TotalSeconds);
        Assert.NotEqual(bench.Agent.GetSelectedPair(0, 1)!.Remote.Address, unwanted.Remote);
        Connect(bench, Wire.Address("198.51.100.7:10000"));
        Assert.Equal(2, bench.Count(IceEventKind.ConnectionUnwanted));
    }
}
