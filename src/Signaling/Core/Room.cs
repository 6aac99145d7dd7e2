using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>A session: its peers in the order of their numbers.</summary>
internal sealed class Room(string name, DateTimeOffset created, bool isOpen, int maxPeers, RateBucket rate)
{
    private readonly SortedList<int, Peer> _peers = [];
    private readonly Dictionary<string, Peer> _handles = new(StringComparer.Ordinal);
    private (int First, int Second) _pair;

    public string Name => name;

    public DateTimeOffset Created => created;

    /// <summary>Whether it is rather a space of names than a group: nothing unaddressed is passed on.</summary>
    public bool IsOpen => isOpen;

    public RateBucket Rate => rate;

    /// <summary>The largest number that was ever given here.</summary>
    public int LastId { get; private set; }

    public bool IsFull => _peers.Count >= maxPeers;

    public bool IsOverfull => _peers.Count > maxPeers;

    public int Count => _peers.Count;

    public Instant EmptySince { get; set; }

    /// <summary>Its place among the empty ones; null where it is not empty.</summary>
    public LinkedListNode<Room>? Empty { get; set; }

    /// <summary>The peers at this moment: a copy, since telling one may remove another.</summary>
    public Peer[] Peers => [.. _peers.Values];

    public Peer? Find(int id) => _peers.GetValueOrDefault(id) is { IsGone: false } peer ? peer : null;

    public Peer? Find(string handle) => _handles.GetValueOrDefault(handle) is { IsGone: false } peer ? peer : null;

    public bool Has(string handle) => _handles.ContainsKey(handle);

    public Peer? Holder(int id) => _peers.GetValueOrDefault(id);

    public Peer? Holder(string handle) => _handles.GetValueOrDefault(handle);

    public Peer? Last => _peers.Count == 0 ? null : _peers.Values[^1];

    public void Add(Peer peer)
    {
        _peers.Add(peer.Id, peer);
        _handles.TryAdd(peer.Card.Handle, peer);
        LastId = Math.Max(LastId, peer.Id);
    }

    public void Remove(Peer peer)
    {
        _peers.Remove(peer.Id);
        if (_handles.GetValueOrDefault(peer.Card.Handle) == peer)
        {
            _handles.Remove(peer.Card.Handle);
        }

        foreach (Peer other in _peers.Values)
        {
            other.Offered.Remove(peer.Id);
            other.ToldRoles.Remove(peer.Id);
            other.Links.Remove(peer.Id);
        }
    }

    /// <summary>
    /// Settles who VILLASnode's two are, as its peers read it from the list that they are sent: at each coming and going, with who goes still in it. Until the
    /// next list they keep to that, so everybody else does.
    /// </summary>
    public void SettlePair() => _pair = _peers.Count < 2 ? default : (_peers.Keys[0], _peers.Keys[1]);

    /// <summary>Whether two peers are VILLASnode's two.</summary>
    public bool ArePair(Peer a, Peer b) => (Math.Min(a.Id, b.Id), Math.Max(a.Id, b.Id)) == _pair && a.Id != b.Id;

    /// <summary>What one peer does towards another.</summary>
    public PairRole RoleOf(Peer self, Peer other)
    {
        if (self.Dialect == SignalingDialect.Villas || other.Dialect == SignalingDialect.Villas)
        {
            return !ArePair(self, other) ? PairRole.None : self.Id > other.Id ? PairRole.Offer : PairRole.Answer;
        }

        return (self.Dialect, other.Dialect) switch
        {
            (SignalingDialect.Own, SignalingDialect.Own) => self.Id > other.Id ? PairRole.Offer : PairRole.Answer,
            (SignalingDialect.Own, _) => PairRole.Offer,
            (_, SignalingDialect.Own) => PairRole.Answer,
            _ => PairRole.None,
        };
    }

    public SessionListing List() => new(name, created, [.. _peers.Values.Where(static peer => !peer.IsGone).Select(static peer => peer.Card)]);
}
