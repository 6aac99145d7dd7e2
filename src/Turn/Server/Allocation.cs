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
    long bytesPerSecond,
    TokenBucketPair accountBandwidth,
    Instant created)
{
    private const int MaxNotedPeers = 32;

    private readonly List<TransportAddress> _peers = [];

    // What every packet needs stands together: with thousands of allocations each packet finds its own in cold memory.
    private long _packetsToPeers;
    private long _bytesToPeers;
    private long _packetsToClient;
    private long _bytesToClient;
    private long _dropped;
    private TokenBucket _toPeers = new(bytesPerSecond);
    private TokenBucket _toClient = new(bytesPerSecond);
    private ChannelTable _channels;

    public FiveTuple Path { get; } = path;

    public RelayProtocol Protocol { get; } = protocol;

    public byte[] Username { get; } = username;

    /// <summary>The name that its quota is counted under.</summary>
    public string Account { get; } = account;

    public Instant Created { get; } = created;

    public List<AllocatedRelay> Relays { get; } = [];

    /// <summary>What the operator is told it by, until its end: of a dual one the IPv4 address, whichever goes last.</summary>
    public TransportAddress Relayed { get; private set; }

    public ref ChannelTable Channels => ref _channels;

    public ReplyCache Replies { get; } = new();

    public Dictionary<PeerAddress, PeerConnection> Connections { get; } = [];

    public IReadOnlyList<TransportAddress> NotedPeers => _peers;

    public RelayTraffic Traffic => new(_packetsToPeers, _bytesToPeers, _packetsToClient, _bytesToClient, _dropped);

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

    /// <summary>Takes bytes from what it and its account may send to peers.</summary>
    public bool TryTakeToPeers(int bytes, Instant now) => _toPeers.TryTake(bytes, now) && accountBandwidth.TryTakeToPeers(bytes, now);

    /// <summary>Takes bytes from what peers may send to it and its account.</summary>
    public bool TryTakeToClient(int bytes, Instant now) => _toClient.TryTake(bytes, now) && accountBandwidth.TryTakeToClient(bytes, now);

    public void CountToPeer(int bytes)
    {
        _packetsToPeers++;
        _bytesToPeers += bytes;
    }

    public void CountToClient(int bytes)
    {
        _packetsToClient++;
        _bytesToClient += bytes;
    }

    public void CountDropped() => _dropped++;
}
