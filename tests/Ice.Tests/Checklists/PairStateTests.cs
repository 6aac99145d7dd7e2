using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 6.1.2.2 to 6.1.2.6, 6.1.4.2 and 7.2.5.3.3, RFC 8838 sections 10 to 12.</summary>
public sealed class PairStateTests
{
    /// <summary>One base of its own foundation for each letter: host candidates with the same address have one foundation.</summary>
    private static Bench Create(int[] streams, IceStrategy? strategy = null)
    {
        var bench = new Bench(new IceAgentOptions { Streams = streams, Strategy = strategy ?? IceStrategy.Rfc8445 }, host: false);
        for (int stream = 0; stream < streams.Length; stream++)
        {
            for (int component = 1; component <= streams[stream]; component++)
            {
                bench.Add((stream * 10) + component, Wire.Address($"192.0.2.1:{5000 + (stream * 10) + component}"), stream, component);
            }
        }

        return bench;
    }

    private static TransportAddress Far(int foundation, int stream, int component, int extra = 0)
        => Wire.Address($"203.0.113.{foundation}:{6000 + (stream * 100) + (component * 10) + extra}");

    private static void Add(Bench bench, int foundation, int stream, int component, uint priority = 0x7E00FF00, int extra = 0)
        => Assert.True(bench.AddRemote(Bench.Remote(Far(foundation, stream, component, extra), component, priority, "f" + foundation), stream) is RemoteCandidateStatus.Added or RemoteCandidateStatus.Queued);

    private static CandidatePair Pair(Bench bench, int foundation, int stream, int component, int extra = 0)
        => bench.Agent.Pairs.Single(pair => pair.Remote.Address == Far(foundation, stream, component, extra));

    private static bool IsOpen(CandidatePair pair) => pair.State is CandidatePairState.Waiting or CandidatePairState.InProgress;

    // Section 6.1.2.6, Table 1: three checklists, five foundations; whatever the order in which the candidates came.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FirstStates_OfTable1_OneOfEachFoundationIsUnfrozen(bool reversed)
    {
        (int Foundation, int Stream)[] cells = [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (5, 2)];
        using Bench bench = Create([1, 1, 1]);
        foreach ((int foundation, int stream) in reversed ? cells.Reverse() : cells)
        {
            Add(bench, foundation, stream, 1);
        }

        bench.Begin();
        (int Foundation, int Stream)[] open = [.. cells.Where(cell => IsOpen(Pair(bench, cell.Foundation, cell.Stream, 1)))];
        Assert.Equal([(1, 0), (2, 0), (3, 0), (4, 1), (5, 2)], open);
        Assert.All(cells.Except(open), cell => Assert.Equal(CandidatePairState.Frozen, Pair(bench, cell.Foundation, cell.Stream, 1).State));
        Assert.Single(bench.Sent);
    }

    // The lowest component, then the highest priority.
    [Fact]
    public void FirstStates_TwoComponents_TheLowestAndBestIsUnfrozen()
    {
        using Bench bench = Create([2]);
        Add(bench, 1, 0, 2, 0x7EFFFF00);
        Add(bench, 1, 0, 1, 0x7E000100);
        Add(bench, 1, 0, 1, 0x7E000200, extra: 1);
        bench.Begin();
        Assert.Equal(CandidatePairState.InProgress, Pair(bench, 1, 0, 1, 1).State);
        Assert.Equal(CandidatePairState.Frozen, Pair(bench, 1, 0, 1).State);
        Assert.Equal(CandidatePairState.Frozen, Pair(bench, 1, 0, 2).State);
    }

    // Section 7.2.5.3.3: success unfreezes the foundation in all checklists; failure does not (section 7.2.5.2, note).
    [Fact]
    public void Success_UnfreezesTheFoundationEverywhere()
    {
        using Bench bench = Create([2, 1]);
        Add(bench, 1, 0, 1);
        Add(bench, 1, 0, 2);
        Add(bench, 1, 1, 1);
        Add(bench, 2, 1, 1);
        bench.Begin();
        SentPacket first = Assert.Single(bench.Sent);
        Assert.Equal(Far(1, 0, 1), first.To);
        bench.Receive(bench.Answer(first), first.To, 1);
        Assert.All(new[] { Pair(bench, 1, 0, 2), Pair(bench, 1, 1, 1) }, pair => Assert.True(IsOpen(pair)));
        Assert.Equal(CandidatePairState.Succeeded, Pair(bench, 1, 0, 1).State);
    }

    [Fact]
    public void Failure_LeavesTheFoundationFrozenUntilNothingWaits()
    {
        using Bench bench = Create([2]);
        Add(bench, 1, 0, 1);
        Add(bench, 1, 0, 2);
        bench.Begin();
        SentPacket first = Assert.Single(bench.Sent);
        bench.Run(TimeSpan.FromMilliseconds(200));
        Assert.Equal(CandidatePairState.Frozen, Pair(bench, 1, 0, 2).State);
        bench.Receive(bench.Answer(first, error: StunErrorCode.BadRequest), first.To, 1);
        Assert.Equal(CandidatePairState.Failed, Pair(bench, 1, 0, 1).State);

        // Section 6.1.4.2: nothing of the foundation is Waiting or In-Progress, so the next timer takes it.
        bench.Run(TimeSpan.FromMilliseconds(60));
        Assert.Equal(CandidatePairState.InProgress, Pair(bench, 1, 0, 2).State);
    }

    // RFC 8838 section 12, rules 1 to 3 (Tables 4 to 6).
    [Fact]
    public void Trickled_Pairs_FollowTheThreeRules()
    {
        using Bench bench = Create([2, 2], IceStrategy.Rfc8445);
        Add(bench, 3, 0, 1);
        Add(bench, 3, 0, 2);
        bench.Begin();
        Add(bench, 5, 0, 1);
        Assert.True(IsOpen(Pair(bench, 5, 0, 1)));
        Add(bench, 5, 0, 2);
        Assert.Equal(CandidatePairState.Frozen, Pair(bench, 5, 0, 2).State);
        bench.Run(TimeSpan.FromMilliseconds(60));
        SentPacket check = bench.Sent.Single(packet => packet.To == Far(5, 0, 1));
        bench.Receive(bench.Answer(check), check.To, 1);
        Assert.True(IsOpen(Pair(bench, 5, 0, 2)));
        Add(bench, 5, 1, 1);
        Assert.True(IsOpen(Pair(bench, 5, 1, 1)));
        Add(bench, 3, 1, 1);
        Assert.Equal(CandidatePairState.Frozen, Pair(bench, 3, 1, 1).State);
    }

    // Section 6.1.4.2: the checklists take turns.
    [Fact]
    public void ByTheBook_TwoChecklists_TakeTurns()
    {
        using Bench bench = Create([1, 1]);
        for (int i = 1; i <= 4; i++)
        {
            Add(bench, i, 0, 1);
            Add(bench, 10 + i, 1, 1);
        }

        bench.Begin();
        bench.Run(TimeSpan.FromMilliseconds(400));
        int[] streams = [.. bench.Sent.DistinctBy(static packet => packet.Id()).Select(static packet => packet.From.Port >= 5010 ? 1 : 0)];
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1], streams);
    }

    // Section 6.1.4.2: the triggered-check queue is first in, first out, and before ordinary checks.
    [Fact]
    public void ByTheBook_TriggeredChecks_ComeInTheirOrderBeforeOrdinaryOnes()
    {
        using Bench bench = Create([1]);
        for (int i = 1; i <= 6; i++)
        {
            Add(bench, i, 0, 1, (uint)(0x7E00FF00 - (i * 256)));
        }

        bench.Begin();
        foreach (int i in (int[])[5, 3, 6])
        {
            bench.Receive(bench.Check(), Far(i, 0, 1), 1);
        }

        bench.Run(TimeSpan.FromMilliseconds(300));
        Assert.Equal([1, 5, 3, 6, 2, 4], bench.Requests.DistinctBy(static packet => packet.Id()).Select(static packet => (int)(packet.To.Bits & 0xFF)));
    }

    // By priority where nothing is triggered.
    [Fact]
    public void ByTheBook_OrdinaryChecks_GoByPriority()
    {
        using Bench bench = Create([1]);
        foreach (int i in (int[])[3, 1, 4, 2, 5])
        {
            Add(bench, i, 0, 1, (uint)(0x7E00FF00 - (i * 256)));
        }

        bench.Begin();
        bench.Run(TimeSpan.FromMilliseconds(300));
        Assert.Equal([1, 2, 3, 4, 5], bench.Requests.DistinctBy(static packet => packet.Id()).Select(static packet => (int)(packet.To.Bits & 0xFF)));
    }

    // Section 7.3.1.4: Frozen and Failed pairs are checked when the peer checks them, In-Progress ones anew, Succeeded ones not.
    [Fact]
    public void Triggered_BySituation_ChecksOrNot()
    {
        using Bench bench = Create([2]);
        Add(bench, 1, 0, 1);
        Add(bench, 1, 0, 2);
        bench.Begin();
        bench.Receive(bench.Check(), Far(1, 0, 2), 2);
        bench.Run(TimeSpan.FromMilliseconds(60));
        SentPacket second = bench.Requests.Single(packet => packet.To == Far(1, 0, 2));
        bench.Receive(bench.Check(), Far(1, 0, 2), 2);
        bench.Run(TimeSpan.FromMilliseconds(60));
        SentPacket[] again = [.. bench.Requests.Where(packet => packet.To == Far(1, 0, 2))];
        Assert.Equal(2, again.Length);
        Assert.NotEqual(second.Id(), again[1].Id());

        // The answer to the one that was given up counts.
        bench.Receive(bench.Answer(second), second.To, 2);
        Assert.True(bench.CanSend(0, 2));
        int before = bench.Requests.Count();
        bench.Receive(bench.Check(), Far(1, 0, 2), 2);
        bench.Run(TimeSpan.FromMilliseconds(60));
        Assert.DoesNotContain(bench.Requests.Skip(before), packet => packet.To == Far(1, 0, 2));
    }

    // Section 6.1.2.5, and RFC 8838 section 10: the best hundred, failed ones go first.
    [Fact]
    public void Pairs_MoreThanAHundred_TheBestAreKept()
    {
        using var bench = new Bench(new IceAgentOptions { Strategy = IceStrategy.Rfc8445, Limits = IceLimits.Default with { MaxPairsPerRemoteAddress = 1000 } }, host: false);
        for (int i = 0; i < 10; i++)
        {
            bench.Add(i, Wire.Address($"192.0.2.{i + 1}:5000"), preference: 60000 - i);
        }

        for (int i = 0; i < 20; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.{i + 1}:6000"), priority: (uint)(0x7E000000 + (i << 8)), foundation: "f" + i));
        }

        bench.Begin();
        Assert.Equal(100, bench.Agent.Pairs.Count);
        Assert.InRange(bench.Agent.Pairs.Min(static pair => pair.Remote.Priority), (uint)(0x7E000000 + (9 << 8)), uint.MaxValue);
    }

    // Sections 5.1.3 and 6.1.2.4: no second pair for what is sent from the same place to the same place.
    [Fact]
    public void ServerReflexive_OfAHost_MakesNoPairOfItsOwn()
    {
        using Bench bench = new Bench().Begin();
        TransportAddress seen = Wire.Address("198.51.100.1:40000");
        Assert.Null(bench.Add(0, Bench.Here, type: CandidateType.ServerReflexive, of: Bench.Here));
        Assert.NotNull(bench.Add(0, seen, type: CandidateType.ServerReflexive, of: Bench.Here));
        Assert.Null(bench.Add(0, seen, type: CandidateType.ServerReflexive, of: Bench.Here));
        bench.AddRemote(Bench.Remote(Bench.There));
        Assert.Equal(RemoteCandidateStatus.Duplicate, bench.AddRemote(Bench.Remote(Bench.There, priority: 1000, type: CandidateType.ServerReflexive)));
        Assert.Equal(CandidateType.Host, Assert.Single(bench.Agent.Pairs).Local.Type);
    }

    // Section 6.1.2.2.
    [Theory]
    [InlineData("[fe80::1]:5000", "[fe80::2]:6000", true)]
    [InlineData("[fe80::1]:5000", "[2001:db8::2]:6000", false)]
    [InlineData("[2001:db8::1]:5000", "[fe80::2]:6000", false)]
    [InlineData("[2001:db8::1]:5000", "[2001:db8::2]:6000", true)]
    [InlineData("192.0.2.1:5000", "[2001:db8::2]:6000", false)]
    [InlineData("[2001:db8::1]:5000", "192.0.2.2:6000", false)]
    [InlineData("169.254.0.1:5000", "192.0.2.2:6000", true)]
    public void Pairs_OfFamiliesAndLinkLocalAddresses_AreMadeByTheRule(string local, string remote, bool paired)
    {
        using var bench = new Bench(host: false);
        bench.Add(0, Wire.Address(local));
        bench.Begin();
        bench.AddRemote(Bench.Remote(Wire.Address(remote)));
        Assert.Equal(paired ? 1 : 0, bench.Agent.Pairs.Count);
    }

    // RFC 8838 section 11.4: the candidate takes the place of the one that was learned, and keeps its pair.
    [Fact]
    public void PeerReflexive_SignaledLater_IsReplacedInPlace()
    {
        using Bench bench = new Bench().Begin();
        bench.Responder = bench.Grant;
        bench.Receive(bench.Check());
        CandidatePair pair = Assert.Single(bench.Agent.Pairs);
        Assert.Equal(CandidateType.PeerReflexive, pair.Remote.Type);
        Assert.Equal(CheckForm.UsualPriority, pair.Remote.Priority);
        Candidate signaled = Bench.Remote(Bench.There, priority: 0x7E123400);
        Assert.Equal(RemoteCandidateStatus.ReplacedPeerReflexive, bench.AddRemote(signaled));
        Assert.Same(pair, Assert.Single(bench.Agent.Pairs));
        Assert.Equal(signaled, pair.Remote);
        Assert.Equal(CandidatePriority.ComputePair(pair.Local.Priority, 0x7E123400), pair.Priority);
        bench.Run(Wires.Second);
        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Same(pair, bench.Agent.GetSelectedPair(0, 1));
    }

    // Section 7.2.5.3.1: what the peer sees of us is a candidate of ours, and no duplicate when it is gathered after all.
    [Fact]
    public void Response_WithAnotherMappedAddress_MakesALocalPeerReflexiveCandidate()
    {
        using Bench bench = new Bench().Begin();
        TransportAddress seen = Wire.Address("198.51.100.1:40000");
        bench.Responder = packet => packet.Class == StunClass.Request ? bench.Answer(packet, seen) : null;
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(Wires.Second);
        CandidatePair selected = bench.Agent.GetSelectedPair(0, 1)!;
        Assert.Equal(CandidateType.PeerReflexive, selected.Local.Type);
        Assert.Equal(seen, selected.Local.Address);
        Assert.Equal((110u << 24) | (65535u << 8) | 255u, selected.Local.Priority);
        Assert.DoesNotContain(bench.Agent.GetLocalCandidates(0), static candidate => candidate.Type == CandidateType.PeerReflexive);
        Assert.NotNull(bench.Add(0, seen, type: CandidateType.ServerReflexive, of: Bench.Here));
    }

    // Several streams and components complete one by one; the session when all have.
    [Fact]
    public void Session_OfFiveComponents_CompletesWhenAllHave()
    {
        using Bench bench = Create([2, 1, 2], IceStrategy.Default);
        bench.Responder = bench.Grant;
        bench.Begin();
        for (int stream = 0; stream < 3; stream++)
        {
            for (int component = 1; component <= (stream == 1 ? 1 : 2); component++)
            {
                Assert.NotEqual(IceSessionState.Completed, bench.Agent.State);
                Add(bench, 1, stream, component);
                bench.Run(Wires.Second);
                Assert.NotNull(bench.Agent.GetSelectedPair(stream, component));
            }
        }

        Assert.Equal(IceSessionState.Completed, bench.Agent.State);
        Assert.Equal(5, bench.Count(IceEventKind.Selected));
        Assert.Equal(5, bench.Count(IceEventKind.PathChanged));
    }

    // Section 8.1.2: all checklists have ended, one without a pair: that is told, not waited for.
    [Fact]
    public void Session_OneStreamOfTwoFails_IsFailed()
    {
        using Bench bench = Create([1, 1], IceStrategy.Default);
        bench.Responder = bench.Grant;
        bench.Begin();
        Add(bench, 1, 0, 1);
        bench.Run(TimeSpan.FromSeconds(41));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.True(bench.CanSend(0));
        Assert.False(bench.CanSend(1));
    }
}
