using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The relay sockets of one server, lent by the loop that owns them. Every call returns at once and none throws. A socket is bound to the one
/// concrete address it was asked for.
/// </summary>
/// <remarks>
/// A reservation belongs to all servers of a process: one may reserve and another one claim (RFC 8656 section 7.2). Everything else concerns
/// the sockets of one server.
/// </remarks>
public interface IRelaySockets
{
    /// <summary>Opens a socket: for UDP, what it receives is handed to the server from now on; for TCP, it listens.</summary>
    /// <param name="id">The name of the new socket.</param>
    /// <param name="protocol">UDP or TCP.</param>
    /// <param name="address">Where to bind it.</param>
    RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address);

    /// <summary>Binds a UDP socket so that nobody else gets its port; what it receives is dropped.</summary>
    /// <param name="address">Where to bind it.</param>
    RelayOpenStatus Reserve(TransportAddress address);

    /// <summary>Makes a reserved socket one of this server, as <see cref="Open"/> does.</summary>
    /// <param name="id">The name of the socket.</param>
    /// <param name="address">Where it was reserved.</param>
    RelayOpenStatus Claim(RelayId id, TransportAddress address);

    /// <summary>Closes a reserved socket that nobody claimed.</summary>
    /// <param name="address">Where it was reserved.</param>
    void CancelReservation(TransportAddress address);

    /// <summary>Closes a socket, and for TCP all connections on it.</summary>
    /// <param name="id">The socket.</param>
    void Close(RelayId id);
}
