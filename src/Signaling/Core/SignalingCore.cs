using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>
/// The signaling server without sockets: sessions, the peers in them, who offers to whom, and the translation between their dialects. One loop owns it; it is
/// not safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>Inputs: <see cref="Connect"/>, <see cref="HandleMessage"/>, <see cref="HandleSent"/>, <see cref="HandleClosed"/>, <see cref="HandleTimeout"/>; in
/// shared mode also <see cref="HandleId"/>, <see cref="HandleIdFailed"/>, <see cref="HandleShared"/>, <see cref="HandleSharedRestored"/>. None of them throws on what a peer or
/// another process says. Command: <see cref="Shutdown"/>. Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadShared"/>, <see cref="TryReadEvent"/> and
/// <see cref="NextTimeout"/>. The rest are queries.</para>
/// <para>After each input: drain transmits, then shared messages, then events, then read <see cref="NextTimeout"/>. Transmits of one connection are to be sent
/// in their order, each followed by <see cref="HandleSent"/>: until then it counts as waiting, and a peer for which too much waits is closed.</para>
/// </remarks>
public sealed class SignalingCore
{
    /// <summary>Makes a server without peers.</summary>
    /// <param name="limits">The bounds.</param>
    /// <param name="relays">Where relay credentials come from.</param>
    /// <param name="random">The source of tokens and names. Stays the caller's.</param>
    /// <param name="shared">Whether other processes serve the same sessions.</param>
    public SignalingCore(SignalingLimits limits, IRelayCredentials relays, RandomNumberGenerator random, bool shared = false) => throw new NotImplementedException();

    /// <summary>The name of this process among those with the same sessions: 32 hexadecimal digits, another one after each start.</summary>
    public string Process => throw new NotImplementedException();

    /// <summary>When <see cref="HandleTimeout"/> has to be called next; null for not at all.</summary>
    public Instant? NextTimeout => throw new NotImplementedException();

    /// <summary>How much there is.</summary>
    public SignalingCounts Counts => throw new NotImplementedException();

    /// <summary>The sessions with peers, by name. A copy.</summary>
    public IReadOnlyList<SessionListing> Sessions => throw new NotImplementedException();

    /// <summary>Looks a session up.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The session; null where there is none with peers.</returns>
    public SessionListing? FindSession(string name) => throw new NotImplementedException();

    /// <summary>A socket wants to be opened. Costs no exception, whatever the path is.</summary>
    /// <param name="request">Who asks, and for what.</param>
    /// <param name="now">The time.</param>
    /// <param name="connection">The connection; it is open from now until <see cref="HandleClosed"/>.</param>
    /// <returns>Null where the socket is to be opened.</returns>
    public SignalingRefusal? Connect(in ConnectRequest request, Instant now, out ConnectionId connection) => throw new NotImplementedException();

    /// <summary>A text message came. Ignored for connections that are being closed.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="utf8">The whole message, at most <see cref="SignalingLimits.MaxDescriptionSize"/> bytes; longer ones close the connection, so a caller may cut them there at one byte more.</param>
    /// <param name="now">The time.</param>
    /// <returns>How long the caller waits before it reads the next message of this connection; zero as long as the connection keeps within its rate.</returns>
    public TimeSpan HandleMessage(ConnectionId connection, ReadOnlySpan<byte> utf8, Instant now) => throw new NotImplementedException();

    /// <summary>A message was written to a socket, or was thrown away because the socket is closing.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="size">The bytes of the message.</param>
    /// <param name="now">The time.</param>
    public void HandleSent(ConnectionId connection, int size, Instant now) => throw new NotImplementedException();

    /// <summary>A socket is closed, by whomever. To be called once for each accepted connection.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="code">The code that the peer closed it with; 0 where it did not say or the connection broke.</param>
    /// <param name="now">The time.</param>
    public void HandleClosed(ConnectionId connection, int code, Instant now) => throw new NotImplementedException();

    /// <summary>The time has come.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now) => throw new NotImplementedException();

    /// <summary>Shared mode: the number that was asked for by <see cref="SignalingEventKind.IdWanted"/>.</summary>
    /// <param name="connection">Whom it is for.</param>
    /// <param name="id">The number.</param>
    /// <param name="now">The time.</param>
    public void HandleId(ConnectionId connection, int id, Instant now) => throw new NotImplementedException();

    /// <summary>Shared mode: the store did not give a number. The connection is closed with 1013.</summary>
    /// <param name="connection">Whom it was for.</param>
    /// <param name="now">The time.</param>
    public void HandleIdFailed(ConnectionId connection, Instant now) => throw new NotImplementedException();

    /// <summary>Shared mode: a process said something.</summary>
    /// <param name="message">What it said. Its own messages are ignored.</param>
    /// <param name="now">The time.</param>
    public void HandleShared(SharedMessage message, Instant now) => throw new NotImplementedException();

    /// <summary>
    /// Shared mode: the way to the other processes is open, at the start or again. Tells them all peers of this process and asks for theirs.
    /// </summary>
    /// <param name="now">The time.</param>
    public void HandleSharedRestored(Instant now) => throw new NotImplementedException();

    /// <summary>Closes all connections with 1013 and takes no new ones. In shared mode the others are told.</summary>
    /// <param name="now">The time.</param>
    public void Shutdown(Instant now) => throw new NotImplementedException();

    /// <summary>The next message to send or socket to close.</summary>
    /// <param name="transmit">It.</param>
    public bool TryReadTransmit(out SignalingTransmit transmit) => throw new NotImplementedException();

    /// <summary>The next message to all other processes. Only in shared mode.</summary>
    /// <param name="message">It.</param>
    public bool TryReadShared([NotNullWhen(true)] out SharedMessage? message) => throw new NotImplementedException();

    /// <summary>The next thing that happened. At most 1024 wait, and those that are only for the log are dropped beyond.</summary>
    /// <param name="e">It.</param>
    public bool TryReadEvent(out SignalingEvent e) => throw new NotImplementedException();
}
