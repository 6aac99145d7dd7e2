namespace Stack.Turn;

/// <summary>What a <see cref="TurnServerCommand"/> asks the loop to do.</summary>
public enum TurnServerCommandKind : byte
{
    /// <summary>
    /// Connect from a relay address to a peer (RFC 6062 section 5.2); answer with <see cref="TurnServer.HandlePeerConnected"/> or
    /// <see cref="TurnServer.HandlePeerConnectFailed"/>. The server itself keeps the time.
    /// </summary>
    Connect,

    /// <summary>
    /// Join the client's connection on <see cref="TurnServerCommand.Path"/> to a peer's, once the reply just made is sent: from then on bytes
    /// go through as they are (RFC 6062 section 5.4).
    /// </summary>
    Join,

    /// <summary>Close a peer's connection, and the client's that is joined to it.</summary>
    CloseConnection,
}
