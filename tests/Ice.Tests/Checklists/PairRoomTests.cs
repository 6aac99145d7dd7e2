using System.Linq;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>What goes where all pairs are too many: RFC 8445 section 6.1.2.5, RFC 8838 section 10.</summary>
public sealed class PairRoomTests
{
    private const int Streams = 3;
    private const int Components = 3;

    private static readonly CandidateType[] Remotes = [CandidateType.Host, CandidateType.Host, CandidateType.ServerReflexive, CandidateType.Relayed];

    private static ScriptedPeer Fill(IceStrategy strategy)
    {
        var peer = new ScriptedPeer(new IceAgentOptions { Streams = [Components, Components, Components], Strategy = strategy });
        peer.Begin();
        for (int kind = 0; kind < 4; kind++)
        {
            CandidateType local = kind < 2 ? CandidateType.Host : CandidateType.Relayed;
            for (int i = 0; i < Streams * Components; i++)
            {
                int stream = i / Components;
                int component = (i % Components) + 1;
                peer.AddBase((kind * 10) + i, $"192.0.2.{kind + 1}:{5000 + i}", local, stream: stream, component: component);
                uint priority = CandidatePriority.Compute(Remotes[kind], 65535 - kind, component);
                peer.AddRemote($"198.51.100.{kind + 1}:{6000 + i}", Remotes[kind], priority, $"{kind}", stream: stream, component: component);
            }
        }

        return peer;
    }

    private static int CountOf(ScriptedPeer peer, int stream, int component, bool ofRelays) => peer.Agent.Pairs.Count(pair
        => pair.Stream == stream && pair.ComponentId == component
            && (!ofRelays || (pair.Local.Type == CandidateType.Relayed && pair.Remote.Type == CandidateType.Relayed)));

    [Fact]
    public void FullChecklists_OfNineComponents_KeepTheRelaysOfEachAndLoseOthersEvenly()
    {
        using ScriptedPeer peer = Fill(IceStrategy.Default);
        int[] counts = [.. Enumerable.Range(0, Streams * Components).Select(i => CountOf(peer, i / Components, (i % Components) + 1, ofRelays: false))];
        Assert.Equal(IceLimits.Default.MaxPairs, counts.Sum());
        Assert.True(counts.Max() - counts.Min() <= 2, string.Join(' ', counts));
        Assert.All(Enumerable.Range(0, Streams * Components), i => Assert.NotEqual(0, CountOf(peer, i / Components, (i % Components) + 1, ofRelays: true)));
    }

    [Fact]
    public void FullChecklists_ByTheBook_LoseTheLowestPriorities()
    {
        using ScriptedPeer peer = Fill(IceStrategy.Rfc8445);
        Assert.Equal(IceLimits.Default.MaxPairs, peer.Agent.Pairs.Count);
        Assert.Contains(Enumerable.Range(0, Streams * Components), i => CountOf(peer, i / Components, (i % Components) + 1, ofRelays: true) == 0);
    }

    [Fact]
    public void FullChecklists_ARelayComesLate_OneThatWasAskedThriceMakesRoom()
    {
        using var peer = new ScriptedPeer(new IceAgentOptions { Limits = new IceLimits { MaxPairs = 3 } });
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        for (int i = 0; i < 3; i++)
        {
            peer.AddRemote($"198.51.100.{i + 1}:6000", foundation: $"{i}", priority: 1_000_000 + (uint)i);
        }

        peer.Run(0.02);
        Assert.Equal(RemoteCandidateStatus.Added, peer.AddRemote("203.0.113.1:6000", CandidateType.Relayed, 1000, "r"));
        Assert.DoesNotContain(peer.Agent.Pairs, static pair => pair.Remote.Type == CandidateType.Relayed);
        peer.Run(1);
        peer.AddRemote("203.0.113.1:6001", CandidateType.Relayed, 1001, "r");
        Assert.Contains(peer.Agent.Pairs, static pair => pair.Remote.Type == CandidateType.Relayed);
        Assert.Equal(3, peer.Agent.Pairs.Count);
    }
}
