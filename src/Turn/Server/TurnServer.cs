using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The TURN server as a state machine: allocations, permissions and channels of the clients of one loop (RFC 8656, RFC 6062), and the STUN server
/// on the same endpoints. Holds no state of anybody who has not authenticated.
/// </summary>
/// <remarks>
/// Inputs are the <c>Handle...</c> methods; after each of them read all commands, then all transmits, then all events, then
/// <see cref="NextTimeout"/>. <c>now</c> never goes back. Inputs never throw on a peer's bytes. One loop owns an instance; what several loops
/// share is in <see cref="TurnServerResources"/>.
/// </remarks>
public sealed class TurnServer : IDisposable
{
    /// <summary>How many bytes must be free in front of a peer's datagram, for the header of a Data indication with an IPv6 address.</summary>
    public const int Headroom = 48;

    /// <summary>How many bytes must be free behind a peer's datagram, for padding.</summary>
    public const int Tailroom = 3;

    /// <summary>A buffer of this size holds every reply and every other message of the server.</summary>
    public const int MinReplyBuffer = 2048;

    /// <summary>Sets a server up.</summary>
    /// <param name="options">What it serves.</param>
    /// <param name="resources">What it shares with the servers of the other loops.</param>
    /// <param name="credentials">Its users; null for STUN alone: TURN requests are then not answered.</param>
    /// <param name="sockets">Its relay sockets.</param>
    /// <param name="random">Randomness of cryptographic quality.</param>
    /// <param name="shard">The number of the loop, 0 to 255: it is the first byte of every CONNECTION-ID that the server chooses.</param>
    public TurnServer(
        TurnServerOptions options,
        TurnServerResources resources,
        ICredentialSource? credentials,
        IRelaySockets sockets,
        RandomNumberGenerator random,
        byte shard = 0)
    {
    }

    /// <summary>When <see cref="HandleTimeout"/> must be called; null for not at all.</summary>
    public Instant? NextTimeout => throw new NotImplementedException();

    /// <summary>How many allocations live; a dual one counts once.</summary>
    public int AllocationCount => throw new NotImplementedException();

    /// <summary>Takes a datagram from a client, or a message that a framer has cut out of the client's stream.</summary>
    /// <param name="message">Exactly the bytes received.</param>
    /// <param name="path">How they came.</param>
    /// <param name="buffer">Where a reply goes: as large as the message and at least <see cref="MinReplyBuffer"/>.</param>
    /// <param name="now">When they came.</param>
    public TurnServerStep HandleClientMessage(ReadOnlySpan<byte> message, in FiveTuple path, Span<byte> buffer, Instant now)
        => throw new NotImplementedException();

    /// <summary>Takes a datagram that a peer sent to a relay address. The header for the client is written around it, in place.</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">Where it came from.</param>
    /// <param name="buffer">The buffer, with <see cref="Headroom"/> bytes in front of the datagram and <see cref="Tailroom"/> behind it.</param>
    /// <param name="offset">Where the datagram begins.</param>
    /// <param name="length">Its length, 0 to 65535.</param>
    /// <param name="now">When it came.</param>
    /// <param name="forward">The message to the client; only where the disposition is <see cref="TurnServerDisposition.Relayed"/>.</param>
    public TurnServerDisposition HandlePeerDatagram(
        RelayId relay,
        PeerAddress peer,
        Span<byte> buffer,
        int offset,
        int length,
        Instant now,
        out ClientForward forward)
        => throw new NotImplementedException();

    /// <summary>Takes an ICMP error about a datagram that a relay socket sent (RFC 8656 section 11.5).</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">Where the datagram went; the port may be 0, for unknown.</param>
    /// <param name="error">The error.</param>
    /// <param name="buffer">Where the message to the client goes, at least <see cref="MinReplyBuffer"/> bytes.</param>
    /// <param name="now">When it came.</param>
    /// <param name="forward">The message to the client; only where the disposition is <see cref="TurnServerDisposition.Relayed"/>.</param>
    public TurnServerDisposition HandleIcmp(
        RelayId relay,
        PeerAddress peer,
        IcmpError error,
        Span<byte> buffer,
        Instant now,
        out ClientForward forward)
        => throw new NotImplementedException();

    /// <summary>Takes the end of a client's TCP or TLS connection, whether it carried an allocation or not.</summary>
    /// <param name="path">The connection.</param>
    /// <param name="now">When it ended.</param>
    public void HandleClientClosed(in FiveTuple path, Instant now) => throw new NotImplementedException();

    /// <summary>Takes a connection that a peer made to a relay address (RFC 6062 section 5.3).</summary>
    /// <param name="relay">The relay socket.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="now">When it was accepted.</param>
    /// <param name="connection">Its name from now on.</param>
    /// <returns>False where it must be closed at once.</returns>
    public bool TryAcceptPeer(RelayId relay, PeerAddress peer, Instant now, out ConnectionId connection) => throw new NotImplementedException();

    /// <summary>Takes the success of a <see cref="TurnServerCommandKind.Connect"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    /// <returns>False where nobody waits for it any more: close it.</returns>
    public bool HandlePeerConnected(ConnectionId connection, Instant now) => throw new NotImplementedException();

    /// <summary>Takes the failure of a <see cref="TurnServerCommandKind.Connect"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    public void HandlePeerConnectFailed(ConnectionId connection, Instant now) => throw new NotImplementedException();

    /// <summary>Takes the end of a peer's connection, or of the client's that is joined to it. The loop closes both.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    public void HandlePeerClosed(ConnectionId connection, Instant now) => throw new NotImplementedException();

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now) => throw new NotImplementedException();

    /// <summary>Replaces the options for everything that comes from now on; live allocations stay as they are.</summary>
    /// <param name="options">The options.</param>
    /// <param name="credentials">The users; null for none.</param>
    public void Reconfigure(TurnServerOptions options, ICredentialSource? credentials) => throw new NotImplementedException();

    /// <summary>Takes no new allocations from now on; live ones stay and can be refreshed.</summary>
    public void Drain() => throw new NotImplementedException();

    /// <summary>Reads the next command.</summary>
    /// <param name="command">The command.</param>
    public bool TryReadCommand(out TurnServerCommand command) => throw new NotImplementedException();

    /// <summary>Reads the next message to a client that is not the reply to what was just received.</summary>
    /// <param name="buffer">Where it goes, at least <see cref="MinReplyBuffer"/> bytes.</param>
    /// <param name="transmit">Its destination and length.</param>
    public bool TryReadTransmit(Span<byte> buffer, out ClientTransmit transmit) => throw new NotImplementedException();

    /// <summary>Reads the next event.</summary>
    /// <param name="happened">The event.</param>
    public bool TryReadEvent([NotNullWhen(true)] out TurnServerEvent? happened) => throw new NotImplementedException();

    /// <summary>Closes all relay sockets and gives back what was taken of the shared resources.</summary>
    public void Dispose()
    {
    }
}
