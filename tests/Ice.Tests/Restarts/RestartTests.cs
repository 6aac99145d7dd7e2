using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 9 and 7.3; security.md section 5.5, I24.</summary>
public sealed class RestartTests
{
    private static Wire Connect()
    {
        var wire = new Wire();
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        return wire;
    }

    private static Bench Establish()
    {
        var bench = new Bench();
        bench.Responder = bench.Grant;
        bench.Begin().AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(5));
        return bench;
    }

    // The network has changed under it: black for less than a second.
    [Fact]
    public void Restart_OldPathDead_FlowsWithinASecond()
    {
        using Wire wire = Connect();
        TransportAddress gone = Wire.Address("192.0.2.1:5000");
        wire.Drops = (_, from, to, _) => from == gone || to == gone;
        wire.A.AddHost("198.51.100.1:5001", wire.Now);
        Instant start = wire.Now;
        Assert.True(wire.A.Agent.Restart(wire.Now));
        wire.Drain();
        Assert.True(wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters, wire.Now));
        wire.SignalCandidates(wire.A);
        Assert.True(wire.A.Agent.SetRemoteParameters(wire.B.Agent.LocalParameters, wire.Now));
        wire.SignalCandidates(wire.B);
        wire.Run(Wires.Second);
        wire.SendData(wire.A, [0xFF]);
        wire.SendData(wire.B, [0xFE]);
        wire.Run(Wires.Second);
        Assert.Single(wire.A.Received);
        Assert.Single(wire.B.Received);
        wire.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.True(wire.Now > start);
    }

    [Fact]
    public void Restart_ByThePeer_ChangesBothPartsOfOurCredentials()
    {
        using Wire wire = Connect();
        IceCredentials before = wire.B.Agent.LocalParameters.Credentials;
        wire.A.Agent.Restart(wire.Now);
        Assert.True(wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters, wire.Now));
        IceCredentials after = wire.B.Agent.LocalParameters.Credentials;
        Assert.NotEqual(before.UsernameFragment, after.UsernameFragment);
        Assert.NotEqual(before.Password, after.Password);

        // Told again, it is no other restart.
        Assert.True(wire.B.Agent.SetRemoteParameters(wire.A.Agent.LocalParameters, wire.Now));
        Assert.Equal(after, wire.B.Agent.LocalParameters.Credentials);
        Assert.Equal(IceSessionState.Connected, wire.B.Agent.State);
    }

    [Fact]
    public void Restart_BothAtOnce_EndsWithOneSession()
    {
        using Wire wire = Connect();
        Assert.True(wire.A.Agent.Restart(wire.Now));
        Assert.True(wire.B.Agent.Restart(wire.Now));
        wire.Signal();
        int lost = 0;
        for (int i = 0; i < 100; i++)
        {
            wire.SendData(wire.A, [0xFF]);
            lost += wire.A.Agent.TryGetRoute(0, 1, wire.Now, out _) ? 0 : 1;
            wire.Run(TimeSpan.FromMilliseconds(20));
        }

        wire.Run(Wires.Second);
        Assert.Equal(0, lost);
        Assert.Equal(100, wire.B.Received.Count);
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
        Assert.Equal(2, wire.A.Events.Count(static e => e.Event.Kind == IceEventKind.Selected));
    }

    // The parameters of before the restart come late: they are known for what they are.
    [Fact]
    public void Restart_OldParametersComeLate_AreRefused()
    {
        using Wire wire = Connect();
        IceParameters old = wire.B.Agent.LocalParameters;
        wire.A.Agent.Restart(wire.Now);
        IceCredentials ours = wire.A.Agent.LocalParameters.Credentials;
        Assert.False(wire.A.Agent.SetRemoteParameters(old, wire.Now));
        Assert.Equal(ours, wire.A.Agent.LocalParameters.Credentials);
        Assert.Null(wire.A.Agent.RemoteParameters);
    }

    // RFC 8838 section 9: a candidate names its generation.
    [Fact]
    public void Candidate_OfAnotherGeneration_IsDropped()
    {
        using Bench bench = new Bench().Begin();
        Candidate stale = Bench.Remote(Bench.There) with { Extensions = [new("ufrag", "olds")] };
        Assert.Equal(RemoteCandidateStatus.WrongGeneration, bench.AddRemote(stale));
        Assert.Empty(bench.Agent.Pairs);
        Assert.Equal(RemoteCandidateStatus.Added, bench.AddRemote(stale with { Extensions = [new("ufrag", "them")] }));

        // Kept until the new credentials come, and judged by them.
        bench.Agent.Restart(bench.Now);
        Assert.Equal(RemoteCandidateStatus.Queued, bench.AddRemote(stale with { Extensions = [new("ufrag", "them")] }));
        bench.Theirs = new IceCredentials("next", new string('n', 22));
        bench.Begin();
        Assert.Empty(bench.Agent.Pairs);
    }

    [Fact]
    public void OldCredentials_BeforeAndAfterTheCommit_AreAnsweredAndThenRefused()
    {
        using Bench bench = Establish();
        IceCredentials mine = bench.Agent.LocalParameters.Credentials;
        byte[] Old() => bench.Check(CheckForm.Usual with { Username = mine.UsernameFragment + ":them", Password = mine.Password });
        Assert.True(bench.Agent.Restart(bench.Now));
        Assert.Equal(IceDisposition.Taken, bench.Receive(Old()));
        Assert.Equal(StunClass.SuccessResponse, bench.Sent[^1].Class);

        // What they prove is of no use to the new session.
        Assert.Equal(IceDisposition.Taken, bench.Receive(Old(), Wire.Address("192.0.2.77:6000")));
        Assert.Empty(bench.Agent.Pairs);
        Assert.True(bench.CanSend());
        bench.Theirs = new IceCredentials("next", new string('n', 22));
        string right = bench.Theirs.Password;
        bench.Responder = packet => packet.Class == StunClass.Request ? bench.Answer(packet, password: right) : null;
        bench.Begin().AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(Old()));
        Assert.Equal(401, bench.Sent[^1].Error());
    }

    // The check of the old session is authenticated, and the same datagram lets the time pass that ends that session: its key is erased by then.
    [Fact]
    public void OldCredentials_AtTheMomentTheOldSessionEnds_AreNotAnswered()
    {
        using Bench bench = Establish();
        IceCredentials mine = bench.Agent.LocalParameters.Credentials;
        bench.Agent.Restart(bench.Now);
        bench.Theirs = new IceCredentials("next", new string('n', 22));
        bench.Begin().AddRemote(Bench.Remote(Bench.There));
        for (int i = 0; i < 1000 && bench.Agent.State != IceSessionState.Completed; i++)
        {
            bench.Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        bench.Now += TimeSpan.FromSeconds(4);
        int answered = bench.Responses.Count();
        byte[] stray = bench.Check();
        byte[] old = bench.Check(CheckForm.Usual with { Username = mine.UsernameFragment + ":them", Password = mine.Password });
        Assert.Equal(IceDisposition.Taken, bench.Agent.HandleDatagram(0, Bench.There, old, bench.Now, out _));
        Assert.Equal(IceDisposition.Taken, bench.Receive(stray));
        Assert.Equal(answered + 1, bench.Responses.Count());
        Assert.True(bench.CanSend());
    }

    // I24.
    [Fact]
    public void Restart_AHundredTimesInASecond_TenAreGranted()
    {
        using Bench bench = new Bench().Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        int granted = 0;
        HashSet<string> fragments = [];
        for (int i = 0; i < 100; i++)
        {
            granted += bench.Agent.Restart(bench.Now) ? 1 : 0;
            bench.Drain();
            fragments.Add(bench.Agent.LocalParameters.Credentials.UsernameFragment);
            bench.Theirs = new IceCredentials("them" + i, new string('n', 22));
            if (bench.Agent.RemoteParameters is null)
            {
                bench.Begin();
                bench.AddRemote(Bench.Remote(Bench.There));
            }

            bench.Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(10, granted);
        Assert.Equal(10, fragments.Count);
        Assert.InRange(bench.Sent.Count, 10, 30);
        bench.Run(TimeSpan.FromMinutes(1));
        Assert.True(bench.Agent.Restart(bench.Now));
    }

    // The peer's doing counts as much.
    [Fact]
    public void Restart_AHundredTimesByThePeer_TenAreGranted()
    {
        using Bench bench = new Bench().Begin();
        int granted = 0;
        for (int i = 0; i < 100; i++)
        {
            IceCredentials theirs = new("peer" + i, new string('n', 22));
            granted += bench.Agent.SetRemoteParameters(new IceParameters { Credentials = theirs }, bench.Now) ? 1 : 0;
            bench.Drain();
        }

        Assert.Equal(10, granted);
    }

    // Section 7.3: checks may come before the peer's answer does; they are answered, and used when it comes.
    [Fact]
    public void EarlyChecks_Several_AreAnsweredAtOnceAndCheckedInReturnLater()
    {
        using var bench = new Bench(new IceAgentOptions { Role = IceRole.Controlled });
        TransportAddress[] sources = [Bench.There, Wire.Address("192.0.2.3:6000"), Wire.Address("192.0.2.4:6000")];
        foreach (TransportAddress source in sources)
        {
            Assert.Equal(IceDisposition.Taken, bench.Receive(bench.Check(source == sources[1] ? CheckForm.Nominating : CheckForm.Usual), source));
        }

        Assert.Equal(3, bench.Responses.Count(static packet => packet.Class == StunClass.SuccessResponse));
        Assert.Empty(bench.Requests);
        bench.Responder = bench.Grant;
        bench.Begin();
        bench.Run(Wires.Second);
        Assert.Equal(sources, bench.Requests.Select(static packet => packet.To).Distinct());
        Assert.Equal(sources[1], bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.All(bench.Agent.Pairs, static pair => Assert.Equal(CandidateType.PeerReflexive, pair.Remote.Type));
    }

    [Fact]
    public void EarlyChecks_MoreThanThirtyTwo_AreDropped()
    {
        using var bench = new Bench(new IceAgentOptions { Limits = IceLimits.Default with { MaxPeerReflexive = 1000 } });
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(i < 32 ? IceDisposition.Taken : IceDisposition.LimitReached, bench.Receive(bench.Check(), Wire.Address($"192.0.2.2:{10_000 + i}")));
        }

        bench.Begin();
        Assert.Equal(32, bench.Agent.Pairs.Count);
    }

    // A check of another session that the same peer runs is no check of the one whose parameters come then.
    [Fact]
    public void EarlyChecks_OfAnotherFragment_MakeNoPair()
    {
        using var bench = new Bench();
        bench.Receive(bench.Check(CheckForm.Usual with { Username = bench.Agent.LocalParameters.Credentials.UsernameFragment + ":else" }));
        bench.Begin();
        Assert.Empty(bench.Agent.Pairs);
    }
}
