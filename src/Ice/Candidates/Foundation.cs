using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// What makes candidates likely to fare alike: type, address of the base, address of the server, transport protocol (RFC 8445 section 5.1.1.3). Two
/// candidates have the same foundation exactly if these values are equal. What the peer is told is a number from a <see cref="FoundationTable"/>, which
/// says nothing of the addresses.
/// </summary>
public readonly record struct Foundation
{
    private readonly CandidateType _type;
    private readonly CandidateTransport _transport;
    private readonly TransportAddress _base;
    private readonly TransportAddress _server;

    /// <summary>Takes the four conditions. Ports do not count.</summary>
    /// <param name="type">How the candidate was obtained.</param>
    /// <param name="transport">The transport protocol.</param>
    /// <param name="baseAddress">The base.</param>
    /// <param name="server">The STUN or TURN server; counts for server-reflexive and relayed candidates alone.</param>
    public Foundation(CandidateType type, CandidateTransport transport, TransportAddress baseAddress, TransportAddress server)
    {
        _type = type;
        _transport = transport;
        _base = baseAddress.WithPort(0);
        _server = type is CandidateType.ServerReflexive or CandidateType.Relayed ? server.WithPort(0) : default;
    }

    /// <summary>The foundation of a candidate that was gathered.</summary>
    /// <param name="candidate">The candidate.</param>
    public static Foundation Of(LocalCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return new Foundation(candidate.Type, candidate.Transport, candidate.Base, candidate.Server);
    }
}
