using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>An ICE agent: one session with one peer, full or lite (RFC 8445), with trickling (RFC 8838), consent (RFC 7675) and TCP (RFC 6544).</summary>
/// <remarks>
/// <para>Sans-IO, single-threaded by contract. Four kinds of members:</para>
/// <para>Inputs: <see cref="HandleDatagram"/>, <see cref="HandleUnreachable"/>, <see cref="HandleConnected"/>, <see cref="HandleConnectionLost"/>,
/// <see cref="HandleTimeout"/>. They never throw on a peer's bytes.</para>
/// <para>Commands: <see cref="AddLocalCandidate"/>, <see cref="RemoveBase"/>, <see cref="EndLocalCandidates"/>, <see cref="SetRemoteParameters"/>,
/// <see cref="AddRemoteCandidate"/>, <see cref="EndRemoteCandidates"/>, <see cref="Restart"/>, <see cref="TryGetRoute"/>, <see cref="Close"/>.
/// They throw at once on a caller's mistake.</para>
/// <para>Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadEvent"/>, <see cref="NextTimeout"/>. After each input or command drain the
/// transmits, then the events, then read the next timeout.</para>
/// <para>Queries: the properties. Dispose it to erase the keys.</para>
/// </remarks>
public sealed partial class IceAgent : IDisposable
{
    /// <summary>The size that a buffer for <see cref="TryReadTransmit"/> needs, in bytes.</summary>
    public const int MaxMessageSize = 1024;

    /// <summary>Prepares a session.</summary>
    public IceAgent(IceAgentOptions options, RandomNumberGenerator random) => throw new NotImplementedException();

    /// <summary>The role, which a conflict may change.</summary>
    public IceRole Role => throw new NotImplementedException();

    /// <summary>How far the session is.</summary>
    public IceSessionState State => throw new NotImplementedException();

    /// <summary>Why it failed.</summary>
    public IceFailureReason FailureReason => throw new NotImplementedException();

    /// <summary>What the peer is to be told; after <see cref="Restart"/> with new credentials.</summary>
    public IceParameters LocalParameters => throw new NotImplementedException();

    /// <summary>What the peer has told; null before.</summary>
    public IceParameters? RemoteParameters => throw new NotImplementedException();

    /// <summary>All pairs of the current generation, the best first, for diagnostics and statistics.</summary>
    public IReadOnlyList<CandidatePair> Pairs => throw new NotImplementedException();

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null where nothing is waited for.</summary>
    public Instant? NextTimeout => throw new NotImplementedException();

    /// <summary>Adds a candidate that was gathered (any time; after the end of candidates too, for a new network). Pairs it and checks at once where it can.</summary>
    /// <returns>What the peer is to be told; null where it is redundant or over a limit.</returns>
    public Candidate? AddLocalCandidate(LocalCandidate candidate, Instant now) => throw new NotImplementedException();

    /// <summary>Takes a socket or allocation out of use: its interface has gone, or it has failed. Its pairs fail.</summary>
    public void RemoveBase(int baseId, Instant now) => throw new NotImplementedException();

    /// <summary>No local candidates follow.</summary>
    public void EndLocalCandidates(Instant now) => throw new NotImplementedException();

    /// <summary>Takes the peer's parameters. With other credentials than before, the peer has restarted (RFC 8445 section 9): the agent restarts too,
    /// unless it did already, and <see cref="LocalParameters"/> have changed then.</summary>
    public void SetRemoteParameters(IceParameters parameters, Instant now) => throw new NotImplementedException();

    /// <summary>Adds a candidate of the peer. May come before <see cref="SetRemoteParameters"/>.</summary>
    public RemoteCandidateStatus AddRemoteCandidate(int stream, Candidate candidate, Instant now) => throw new NotImplementedException();

    /// <summary>The peer will signal no more candidates (RFC 8838 section 14).</summary>
    public void EndRemoteCandidates(Instant now) => throw new NotImplementedException();

    /// <summary>Restarts (RFC 8445 section 9): new credentials, new checklists; data goes the old way until the new one is selected.
    /// Local candidates whose bases are still there are kept; the caller signals <see cref="LocalParameters"/> and <see cref="LocalCandidates"/> again.</summary>
    /// <returns>False where the limit of restarts is reached; nothing has changed then.</returns>
    public bool Restart(Instant now) => throw new NotImplementedException();

    /// <summary>The local candidates as the peer is to be told, of one stream.</summary>
    public IReadOnlyList<Candidate> LocalCandidates(int stream) => throw new NotImplementedException();

    /// <summary>Where data of a component goes. Costs no allocation. False where there is no valid pair with consent: data must not be sent.</summary>
    public bool TryGetRoute(int stream, int componentId, Instant now, out IceRoute route) => throw new NotImplementedException();

    /// <summary>Takes a datagram, or a framed message of a TCP connection (<paramref name="source"/> is its remote end then).</summary>
    public IceDisposition HandleDatagram(int baseId, TransportAddress source, ReadOnlySpan<byte> datagram, Instant now, out IceArrival arrival) => throw new NotImplementedException();

    /// <summary>Takes a hard ICMP error about a destination, or the operating system's refusal to send to it.</summary>
    public void HandleUnreachable(int baseId, TransportAddress destination, Instant now) => throw new NotImplementedException();

    /// <summary>A TCP connection stands: one that was wanted, or one that was accepted on a passive base.</summary>
    public void HandleConnected(int baseId, TransportAddress remote, Instant now) => throw new NotImplementedException();

    /// <summary>A TCP connection has ended, or could not be made.</summary>
    public void HandleConnectionLost(int baseId, TransportAddress remote, Instant now) => throw new NotImplementedException();

    /// <summary>Lets time pass.</summary>
    public void HandleTimeout(Instant now) => throw new NotImplementedException();

    /// <summary>Reads the next message to send.</summary>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out IceTransmit transmit) => throw new NotImplementedException();

    /// <summary>Reads what has happened next.</summary>
    public bool TryReadEvent(out IceEvent happened) => throw new NotImplementedException();

    /// <summary>Ends the session: no more transmits, no route.</summary>
    public void Close(Instant now) => throw new NotImplementedException();

    /// <summary>Erases the keys.</summary>
    public void Dispose() => throw new NotImplementedException();
}
