namespace Stack.Turn;

/// <summary>A TCP connection between a relay address and a peer (RFC 6062 section 5).</summary>
internal sealed class PeerConnection(ConnectionId id, AllocatedRelay relay, PeerAddress peer)
{
    public ConnectionId Id { get; } = id;

    public AllocatedRelay Relay { get; } = relay;

    public Allocation Owner => Relay.Owner;

    public PeerAddress Peer { get; } = peer;

    /// <summary>What the client gets when the connection stands; null once it does, or where the peer made the connection.</summary>
    public byte[]? SuccessResponse { get; set; }

    /// <summary>What the client gets when it cannot be made.</summary>
    public byte[]? FailureResponse { get; set; }

    /// <summary>The client's data connection; null until it is bound.</summary>
    public FiveTuple? DataPath { get; set; }

    public bool IsConnecting => SuccessResponse is not null;
}
