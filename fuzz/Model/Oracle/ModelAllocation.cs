using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>An allocation (RFC 8656 section 6).</summary>
internal sealed class ModelAllocation(ModelTuple tuple, int protocol, ModelUser user, long rate, long created)
{
    private const int MaxNotedPeers = 32;
    private const int RepliesKept = 8;
    private const long ReplyLifetime = 40 * System.TimeSpan.TicksPerSecond;

    private readonly List<(byte[] Id, byte[] Reply, long At)> _replies = [];

    public ModelTuple Tuple { get; } = tuple;

    public int Protocol { get; } = protocol;

    public string Username { get; } = user.Name;

    public byte[] Userhash { get; } = user.Userhash;

    public string Account { get; } = user.Account;

    public long Created { get; } = created;

    public List<ModelRelay> Relays { get; } = [];

    public List<ModelChannel> Channels { get; } = [];

    public List<ReferenceAddress> Peers { get; } = [];

    public ModelBucket ToPeers { get; } = new(rate);

    public ModelBucket ToClient { get; } = new(rate);

    /// <summary>What the operator is told the allocation by.</summary>
    public ReferenceAddress FirstRelayed { get; set; }

    public ModelTraffic Traffic { get; set; }

    public ModelRelay? Find(int family) => Relays.Find(relay => relay.Family == family);

    public ModelChannel? Channel(int number, long now) => Channels.Find(channel => channel.Number == number && now < channel.Expires);

    public ModelChannel? Channel(ReferenceAddress peer, long now) => Channels.Find(channel => channel.Peer == peer && now < channel.Expires);

    public int LivePermissions(long now) => Relays.Sum(relay => relay.Permissions.Values.Count(until => now < until));

    public int LiveChannels(long now) => Channels.Count(channel => now < channel.Expires);

    public void NotePeer(ReferenceAddress peer)
    {
        ReferenceAddress address = peer with { Port = 0 };
        if (Peers.Count < MaxNotedPeers && !Peers.Contains(address))
        {
            Peers.Add(address);
        }
    }

    public byte[]? FindReply(byte[] transactionId, long now)
    {
        foreach ((byte[] id, byte[] reply, long at) in _replies)
        {
            if (now - at < ReplyLifetime && System.MemoryExtensions.SequenceEqual<byte>(id, transactionId))
            {
                return reply;
            }
        }

        return null;
    }

    public void KeepReply(byte[] transactionId, byte[] reply, long now)
    {
        _replies.Add((transactionId, reply, now));
        if (_replies.Count > RepliesKept)
        {
            _replies.RemoveAt(0);
        }
    }

    public void CountDropped() => Traffic = Traffic with { Dropped = Traffic.Dropped + 1 };
}
