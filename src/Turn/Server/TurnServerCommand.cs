namespace Stack.Turn;

/// <summary>Something about TCP connections that the loop must do (RFC 6062).</summary>
/// <param name="Kind">What.</param>
/// <param name="Connection">Which connection to a peer.</param>
/// <param name="Relay">The relay socket that it is on.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Path">The client's data connection; only to join.</param>
public readonly record struct TurnServerCommand(
    TurnServerCommandKind Kind,
    ConnectionId Connection,
    RelayId Relay,
    PeerAddress Peer,
    FiveTuple Path = default);
