using Stack.Stun;

namespace Stack.Cli;

/// <summary>The packets that go one way through one allocation.</summary>
/// <param name="number">Its number in the packets.</param>
/// <param name="client">The allocation.</param>
/// <param name="peer">The peer.</param>
/// <param name="isOut">Whether the client sends.</param>
internal sealed class RelayFlow(uint number, LoadClient client, LoadPeer peer, bool isOut)
{
    private readonly SequenceWindow _arrived = new();
    private long _first;

    public uint Number => number;

    public LoadClient Client => client;

    public LoadPeer Peer => peer;

    public TransportAddress PeerAddress { get; } = peer.Local;

    public TransportAddress Relayed { get; } = client.Relayed;

    public bool IsOut => isOut;

    /// <summary>The sequence number of the next packet.</summary>
    public long Next { get; set; }

    /// <summary>What is sent from now on counts.</summary>
    public void BeginCounting() => _first = Next;

    /// <summary>Whether a packet was sent since the counting began.</summary>
    public bool Counts(long sequence) => sequence >= _first;

    /// <summary>Whether a number has been sent.</summary>
    public bool HasSent(long sequence) => sequence >= 0 && sequence < Next;

    /// <summary>Notes an arrival; false for one that has come before.</summary>
    public bool TryArrive(long sequence) => _arrived.TryAdd(sequence);
}
