using System.Collections.Generic;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>Something that a signaling server said, or that happened to the connection with it. Immutable.</summary>
/// <param name="Kind">What.</param>
public sealed record SignalingClientEvent(SignalingClientEventKind Kind)
{
    /// <summary>Our number, or the peer's; 0 where it is about nobody.</summary>
    public int Id { get; init; }

    /// <summary>The other peers; empty where it is not about them.</summary>
    public IReadOnlyList<SignalingPeer> Peers { get; init; } = [];

    /// <summary>The peer; null where it is not about one.</summary>
    public SignalingPeer? Peer { get; init; }

    /// <summary>Whether a peer that is gone did not come back in time; false where it left, or the dialect does not tell.</summary>
    public bool WasLost { get; init; }

    /// <summary>STUN and TURN servers; null where it is not about them.</summary>
    public RelayServers? Servers { get; init; }

    /// <summary>What a peer says; null where it says nothing.</summary>
    public PeerSignal? Signal { get; init; }

    /// <summary>Why, for people; null where there is nothing to explain.</summary>
    public string? Reason { get; init; }

    /// <summary>Why the server does not take us; null otherwise.</summary>
    public SignalingException? Error { get; init; }
}
