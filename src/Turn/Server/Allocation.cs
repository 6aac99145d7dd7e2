using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What a client has been given (RFC 8656 section 6): one relayed address, or one of each family.</summary>
internal sealed class Allocation(
    FiveTuple path,
    RelayProtocol protocol,
    byte[] username,
    string account,
    TokenBucket toPeers,
    TokenBucket toClient,
    TokenBucketPair accountBandwidth,
    Instant created)
{
    private const int MaxNotedPeers = 32;

    private readonly List<TransportAddress> _peers = [];

    public FiveTuple Path { get; } = path;

    public RelayProtocol Protocol { get; } = protocol;

    public byte[] Username { get; } = username;

    /// <summary>The name that its quota is counted under.</summary>
    public string Account { get; } = account;

    public Instant Created { get; } = created;

    public List<AllocatedRelay> Relays { get; } = [];

    /// <summary>What the operator is told it by, until its end: of a dual one the IPv4 address, whichever goes last.</summary>
    public TransportAddress Relayed { get; private set; }

    public ChannelTable Channels { get; } = new();

    public ReplyCache Replies { get; } = new();

    public Dictionary<PeerAddress, PeerConnection> Connections { get; } = [];

    public TokenBucket ToPeers { get; } = toPeers;

    public TokenBucket ToClient { get; } = toClient;

    public TokenBucketPair AccountBandwidth { get; } = accountBandwidth;

    public IReadOnlyList<TransportAddress> NotedPeers => _peers;

    public RelayTraffic Traffic { get; set; }

    public string UsernameText => Encoding.UTF8.GetString(Username);

    public int PermissionCount
    {
        get
        {
            int count = 0;
            foreach (AllocatedRelay relay in Relays)
            {
                count += relay.PermissionCount;
            }

            return count;
        }
    }

    public void Add(AllocatedRelay relay)
    {
        Relayed = Relays.Count == 0 ? relay.Advertised : Relayed;
        Relays.Add(relay);
    }

    public AllocatedRelay? Find(StunAddressFamily family)
    {
        foreach (AllocatedRelay relay in Relays)
        {
            if (relay.Family == family)
            {
                return relay;
            }
        }

        return null;
    }

    public void RemoveExpiredPermissions(Instant now)
    {
        foreach (AllocatedRelay relay in Relays)
        {
            relay.RemoveExpiredPermissions(now);
        }
    }

    public bool IsOf(ReadOnlySpan<byte> username) => username.SequenceEqual(Username);

    public void NotePeer(PeerAddress peer)
    {
        TransportAddress address = peer.Value.WithPort(0);
        if (_peers.Count < MaxNotedPeers && !_peers.Contains(address))
        {
            _peers.Add(address);
        }
    }

    public void CountToPeer(int bytes)
        => Traffic = Traffic with { PacketsToPeers = Traffic.PacketsToPeers + 1, BytesToPeers = Traffic.BytesToPeers + bytes };

    public void CountToClient(int bytes)
        => Traffic = Traffic with { PacketsToClient = Traffic.PacketsToClient + 1, BytesToClient = Traffic.BytesToClient + bytes };

    public void CountDropped() => Traffic = Traffic with { Dropped = Traffic.Dropped + 1 };
}
