using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 section 14.</summary>
public sealed class Rfc8445PacingTests
{
    private static readonly IceAgentOptions ByTheBook = new() { Strategy = IceStrategy.Rfc8445 };

    [Theory]
    [InlineData(null, 50)]
    [InlineData(20, 50)]
    [InlineData(200, 200)]
    public void Ta_TwoProposals_IsTheHigherOne(int? theirs, int expected)
    {
        using var peer = new ScriptedPeer(ByTheBook);
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin(pacing: theirs is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
        AddMany(peer);
        peer.Run(0.45);
        Assert.True(peer.Sent.Count > 2);
        Assert.All(Gaps(peer.Sent.Select(static sent => sent.When)), gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(expected), TimeSpan.FromMilliseconds(expected + 1)));
    }

    [Fact]
    public void Ta_OtherThanTheDefault_IsTold()
    {
        using var prompt = new ScriptedPeer();
        using var book = new ScriptedPeer(ByTheBook);
        Assert.Equal(IceStrategy.Default.ProposedPacing, prompt.Agent.LocalParameters.Pacing);
        Assert.Null(book.Agent.LocalParameters.Pacing);
    }

    [Fact]
    public void Transactions_OfAgentsThatShareAPacer_AreFiveMillisecondsApart()
    {
        var pacer = new CheckPacer();
        var sent = new List<Instant>();
        ScriptedPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => new ScriptedPeer(new IceAgentOptions { Pacer = pacer }))];
        foreach (ScriptedPeer peer in peers)
        {
            peer.AddBase(0, "192.0.2.1:5000");
            peer.Begin(pacing: TimeSpan.FromMilliseconds(5));
            AddMany(peer);
        }

        for (int step = 0; step < 2000; step++)
        {
            foreach (ScriptedPeer peer in peers)
            {
                peer.Run(0.001);
            }
        }

        sent.AddRange(peers.SelectMany(static peer => peer.Requests).Select(static request => request.When).Order());
        Assert.True(sent.Count > 200);
        Assert.All(Gaps(sent), static gap => Assert.True(gap >= TimeSpan.FromMilliseconds(5), $"{gap}"));
        Array.ForEach(peers, static peer => peer.Dispose());
    }

    [Fact]
    public void Default_BeforeTheLimit_SendsTenChecksFiveMillisecondsApartThenOneInTa()
    {
        using var peer = new ScriptedPeer();
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        AddMany(peer);
        peer.Run(0.4);
        TimeSpan[] gaps = [.. Gaps(peer.Sent.Select(static sent => sent.When))];
        Assert.All(gaps[..9], static gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5.1)));

        // Ta, less the credit that has grown meanwhile.
        Assert.All(gaps[10..], static gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(49), TimeSpan.FromMilliseconds(51)));
    }

    [Fact]
    public void Retransmissions_ByTheBook_NeverComeBefore500Milliseconds()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun(ByTheBook);
        peer.Run(60);
        Assert.Equal(7, peer.Requests.Count());
        Assert.Single(peer.Requests.Select(static request => request.Id).Distinct());
        Assert.Equal([500, 1000, 2000, 4000, 8000, 16000], Gaps(peer.Requests.Select(static request => request.When)).Select(static gap => (int)gap.TotalMilliseconds));
        Assert.Equal(CandidatePairState.Failed, peer.Agent.Pairs[0].State);
    }

    [Fact]
    public void Repeats_OfTheDefault_AreNewTransactionsAndAllAreAnswerable()
    {
        using ScriptedPeer peer = ScriptedPeer.Begun();
        peer.Run(1);
        SentMessage[] requests = [.. peer.Requests];
        Assert.True(requests.Length >= 4);
        Assert.Equal(requests.Length, requests.Select(static request => request.Id).Distinct().Count());
        peer.Answer(requests[0]);
        Assert.True(peer.HasRoute(out _));
    }

    [Fact]
    public void Rto_ManyPairs_GrowsAndIsNeverBelow500Milliseconds()
    {
        for (int total = 0; total <= 100; total += 5)
        {
            Assert.True(IceStrategy.Rfc8445.GetRto(TimeSpan.FromMilliseconds(5), total, total) >= TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(50 * 20 * 10), IceStrategy.Rfc8445.GetRto(TimeSpan.FromMilliseconds(50), 20, 10));
    }

    private static void AddMany(ScriptedPeer peer)
    {
        for (int i = 0; i < 30; i++)
        {
            peer.AddRemote($"198.51.{i}.1:6000", priority: 1_000_000 + (uint)i, foundation: $"{i}");
        }
    }

    private static IEnumerable<TimeSpan> Gaps(IEnumerable<Instant> instants) => instants.Zip(instants.Skip(1), static (first, second) => second - first);
}
