using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 7.2.5.3.4, 7.3.1.5 and 8.1, RFC 8863; security.md section 5.5, I12, I13, I31, I32, I34, I35.</summary>
public sealed class NominationTests
{
    private static readonly TransportAddress Second = Wire.Address("192.0.2.3:6000");

    private static Bench Create(IceRole role = IceRole.Controlling, bool byTheBook = false, bool second = false)
    {
        Bench bench = new Bench(new IceAgentOptions { Role = role, Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default }).Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        if (second)
        {
            bench.AddRemote(Bench.Remote(Second, priority: 0x7E000000, foundation: "g"));
        }

        return bench;
    }

    // One nomination, with the check repeated on the pair that is valid (section 8.1.1).
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Controlling_ValidPairs_NominatesOneOnce(bool byTheBook)
    {
        using Bench bench = Create(byTheBook: byTheBook, second: true);
        bench.Responder = bench.Grant;
        bench.Run(TimeSpan.FromMinutes(2));
        SentPacket nomination = Assert.Single(bench.Requests, static packet => packet.Nominates);
        Assert.Equal(Bench.There, nomination.To);
        Assert.Equal(IceRole.Controlling, nomination.Role());
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(1, bench.Count(IceEventKind.Selected));
        Assert.True(bench.Requests.First(packet => packet.To == Bench.There).When < nomination.When);
    }

    // A NAT before the peer gives what comes from our relay another port, so that our end is peer-reflexive, of a priority above all but hosts: still a relay.
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Relay_SeenAtAnotherAddress_DoesNotWinOverADirectPair(IceRole role)
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Role = role });
        peer.AddBase(0, "203.0.113.1:7000", CandidateType.ServerReflexive, over: "10.0.0.1:5000");
        peer.AddBase(1, "203.0.113.10:60924", CandidateType.Relayed);
        peer.Begin();
        peer.AddRemote("203.0.113.2:37303", CandidateType.ServerReflexive, priority: (100 << 24) | 0xFFFF);
        peer.Run(5, request => peer.Answer(request, mapped: request.BaseId == 0 ? "203.0.113.1:7000" : "203.0.113.10:43134"));
        CandidatePair relayed = Assert.Single(peer.Agent.Pairs, static pair => pair.BaseId == 1);
        CandidatePair direct = Assert.Single(peer.Agent.Pairs, static pair => pair.BaseId == 0);
        Assert.Equal((CandidateType.PeerReflexive, true), (relayed.Local.Type, relayed.IsRelayed));
        Assert.True(relayed.Priority > direct.Priority);
        Assert.Equal((direct, false), (peer.Agent.GetPath(0, 1), direct.IsRelayed));
        Assert.True(role == IceRole.Controlled || direct.IsNominated);
    }

    // Lost on the way: it is repeated, and counts once.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nomination_Lost_IsRepeated(bool byTheBook)
    {
        using Bench bench = Create(byTheBook: byTheBook);
        int lost = 0;
        bench.Responder = packet => packet.Class == StunClass.Request && !(packet.Nominates && lost++ < 3) ? bench.Answer(packet) : null;
        bench.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(4, bench.Requests.Count(static packet => packet.Nominates));
    }

    // Failed: another valid pair is nominated in its place (ex_ice#76).
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Nomination_Failed_FallsBackToTheNextValidPair(bool byTheBook, bool refused)
    {
        using Bench bench = Create(byTheBook: byTheBook, second: true);
        bench.Responder = packet => packet.Class != StunClass.Request ? null
            : !packet.Nominates || packet.To == Second ? bench.Answer(packet)
            : refused ? bench.Answer(packet, error: StunErrorCode.BadRequest) : null;
        bench.Run(TimeSpan.FromSeconds(byTheBook ? 60 : 25));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(Second, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.True(bench.CanSend());
    }

    // I12.
    [Fact]
    public void UseCandidate_FromTheControlledSide_IsIgnored()
    {
        using Bench bench = Create(byTheBook: true, second: true);
        bench.Responder = packet => packet.To == Second ? bench.Grant(packet) : null;
        bench.Run(TimeSpan.FromMilliseconds(200));
        bench.Receive(bench.Check(CheckForm.Usual with { UseCandidate = true, Role = IceRole.Controlled }), Second);
        bench.Run(TimeSpan.FromMilliseconds(100));
        Assert.Null(bench.Agent.GetSelectedPair(0, 1));
        Assert.Equal(0, bench.Count(IceEventKind.Selected));
    }

    // Section 7.3.1.5: before our own check has succeeded, the nomination waits for it.
    [Fact]
    public void UseCandidate_BeforeOurCheckHasSucceeded_WaitsForIt()
    {
        using Bench bench = Create(IceRole.Controlled);
        bench.Receive(bench.Check(CheckForm.Nominating));
        Assert.Null(bench.Agent.GetSelectedPair(0, 1));
        bench.Run(TimeSpan.FromMilliseconds(10));
        bench.Receive(bench.Answer(bench.Requests.Last()));
        Assert.Equal(Bench.There, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.DoesNotContain(bench.Requests, static packet => packet.Nominates);
    }

    // I13: a nomination of what nobody has heard of makes a pair, checks it, and then counts.
    [Fact]
    public void UseCandidate_OnAnUnknownPair_CountsWhenItsCheckSucceeds()
    {
        using Bench bench = Create(IceRole.Controlled);
        TransportAddress third = Wire.Address("192.0.2.4:6000");
        bench.Receive(bench.Check(CheckForm.Nominating), third);
        Assert.Null(bench.Agent.GetSelectedPair(0, 1));
        bench.Run(TimeSpan.FromMilliseconds(10));
        SentPacket check = bench.Requests.Single(packet => packet.To == third);
        bench.Receive(bench.Answer(check), third);
        Assert.Equal(third, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
    }

    // I13: nominated though it has failed: it is checked again.
    [Fact]
    public void UseCandidate_OnAFailedPair_ChecksItAgain()
    {
        using Bench bench = Create(IceRole.Controlled);
        bench.Receive(bench.Answer(bench.Sent[0], error: StunErrorCode.BadRequest));
        Assert.Equal(CandidatePairState.Failed, bench.Pair(Bench.There)!.State);
        bench.Receive(bench.Check(CheckForm.Nominating));
        bench.Run(TimeSpan.FromMilliseconds(10));
        Assert.Null(bench.Agent.GetSelectedPair(0, 1));
        bench.Receive(bench.Answer(bench.Requests.Last()));
        Assert.NotNull(bench.Agent.GetSelectedPair(0, 1));
    }

    // I13, I35: a peer that nominates aggressively, as in RFC 5245; the highest priority wins, whatever comes first.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AggressivePeer_NominatesSeveral_TheBestIsSelected(bool bestFirst)
    {
        using Bench bench = Create(IceRole.Controlled, second: true);
        bench.Responder = bench.Grant;
        TransportAddress[] order = bestFirst ? [Bench.There, Second] : [Second, Bench.There];
        foreach (TransportAddress remote in order)
        {
            bench.Receive(bench.Check(CheckForm.Nominating), remote);
            bench.Run(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(Bench.There, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.Equal(Bench.There, bench.Agent.GetPath(0, 1)!.Remote.Address);
        Assert.Equal(bestFirst ? 1 : 2, bench.Count(IceEventKind.Selected));
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
    }

    [Fact]
    public void AggressivePeer_EveryCheckNominates_Connects()
    {
        using Bench bench = Create(IceRole.Controlled, second: true);
        bench.Responder = bench.Grant;
        for (int i = 0; i < 20; i++)
        {
            bench.Receive(bench.Check(CheckForm.Nominating), i % 2 == 0 ? Second : Bench.There);
            bench.Run(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(Bench.There, bench.Agent.GetSelectedPair(0, 1)!.Remote.Address);
        Assert.InRange(bench.Count(IceEventKind.Selected), 1, 2);
    }

    // Section 8.1.2: the other pairs go, with their checks.
    [Fact]
    public void Nominated_OtherPairs_AreCheckedNoMore()
    {
        using Bench bench = Create(second: true);
        bench.Responder = packet => packet.To == Bench.There ? bench.Grant(packet) : null;
        bench.Run(Wires.Second);
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        int before = bench.Requests.Count(static packet => packet.To == Second);
        bench.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(before, bench.Requests.Count(static packet => packet.To == Second));
        bench.AddRemote(Bench.Remote(Wire.Address("192.0.2.9:6000"), foundation: "h"));
        bench.Run(Wires.Second);
        Assert.DoesNotContain(bench.Requests, static packet => packet.To == Wire.Address("192.0.2.9:6000"));
    }

    // RFC 8863 section 4: not before 39.5 s, though there is nothing left to check; right then.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Patience_AllPairsFailed_LastsThirtyNineAndAHalfSeconds(bool withoutPairs)
    {
        using Bench bench = new Bench().Begin();
        Instant start = bench.Now;
        if (!withoutPairs)
        {
            bench.Responder = packet => packet.Class == StunClass.Request ? bench.Answer(packet, error: StunErrorCode.BadRequest) : null;
            bench.AddRemote(Bench.Remote(Bench.There));
        }

        bench.Agent.EndLocalCandidates(bench.Now);
        bench.Agent.EndRemoteCandidates(bench.Now);
        bench.Run(start + TimeSpan.FromSeconds(39.5) - bench.Now - TimeSpan.FromTicks(1));
        Assert.Equal(IceSessionState.Checking, bench.Agent.State);
        Assert.Equal(start + TimeSpan.FromSeconds(39.5), bench.Agent.NextTimeout);
        bench.Run(TimeSpan.FromTicks(1));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.Equal(IceFailureReason.NoValidPair, bench.Agent.FailureReason);
        Assert.Null(bench.Agent.NextTimeout);
    }

    // I32, I34.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Silence_ThreePairs_FailsWithinFortySeconds(bool byTheBook)
    {
        using Bench bench = Create(byTheBook: byTheBook);
        Instant start = bench.Now;
        bench.Run(TimeSpan.FromSeconds(60));
        (Instant when, _) = bench.Events.Single(static e => e.Event.State == IceSessionState.Failed);
        Assert.InRange((when - start).TotalSeconds, 39.5, 40);
    }

    [Fact]
    public void Patience_CheckOfThePeer_RevivesWhileItLastsAndAfter()
    {
        foreach (double seconds in (double[])[30, 60])
        {
            using Bench bench = new Bench(new IceAgentOptions { Role = IceRole.Controlled }).Begin();
            bench.Run(TimeSpan.FromSeconds(seconds));
            bench.Responder = bench.Grant;
            bench.Receive(bench.Check(CheckForm.Nominating));
            bench.Run(Wires.Second);
            Assert.Equal(IceSessionState.Completed, bench.Agent.State);
            Assert.Equal(IceFailureReason.None, bench.Agent.FailureReason);
        }
    }

    // I34: nothing of A's arrives. Both sides say so.
    [Fact]
    public void OneWay_NothingOfOurs_FailsOnBothSides()
    {
        using var wire = new Wire();
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Drops = (peer, _, _, _) => peer == wire.A;
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(41));
        Assert.Equal(IceSessionState.Failed, wire.A.Agent.State);
        Assert.Equal(IceSessionState.Failed, wire.B.Agent.State);
        wire.Run(TimeSpan.FromMinutes(2));
        int sent = wire.A.Sent.Count + wire.B.Sent.Count;
        wire.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(sent, wire.A.Sent.Count + wire.B.Sent.Count);
    }

    // I31: the interface goes; another valid pair takes over, or the session says that there is none.
    [Fact]
    public void Base_Removed_TheOtherOneTakesOverOrTheSessionIsOver()
    {
        using Bench bench = new Bench();
        bench.Add(1, Wire.Address("192.0.2.9:5000"), preference: 100);
        bench.Responder = bench.Grant;
        bench.Begin().AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(0, bench.Agent.GetPath(0, 1)!.BaseId);
        bench.Agent.RemoveBase(0, bench.Now);
        bench.Drain();
        Assert.Equal(1, bench.Agent.GetPath(0, 1)!.BaseId);
        bench.Agent.RemoveBase(1, bench.Now);
        bench.Drain();
        Assert.False(bench.CanSend());
        Assert.Equal(IceFailureReason.NoLocalBase, bench.Agent.FailureReason);
        int sent = bench.Sent.Count;
        bench.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(sent, bench.Sent.Count);
    }
}
