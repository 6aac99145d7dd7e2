using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// A candidate as it is exchanged (RFC 8445 section 5.3): what the peer is told, or what it told. Immutable; safe to share.
/// </summary>
public sealed record Candidate
{
    /// <summary>1 to 32 ice-chars; equal for candidates that are likely to fare alike (RFC 8445 section 5.1.1.3).</summary>
    public required string Foundation { get; init; }

    /// <summary>1 to 256.</summary>
    public required int ComponentId { get; init; }

    /// <summary>The transport protocol.</summary>
    public CandidateTransport Transport { get; init; }

    /// <summary>The side that a TCP candidate takes; <see cref="TcpCandidateType.None"/> for UDP.</summary>
    public TcpCandidateType TcpType { get; init; }

    /// <summary>1 to 2^31 - 1; higher is better.</summary>
    public required uint Priority { get; init; }

    /// <summary>The transport address; the default value where <see cref="HostName"/> is to be resolved first.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>A name in place of the address, such as an mDNS one; null for none. <see cref="HostPort"/> goes with it.</summary>
    public string? HostName { get; init; }

    /// <summary>The port that goes with <see cref="HostName"/>; 0 without one.</summary>
    public int HostPort { get; init; }

    /// <summary>How it was obtained.</summary>
    public required CandidateType Type { get; init; }

    /// <summary>For reflexive and relayed candidates, the address that it was obtained from, for diagnostics; null where it is not told.</summary>
    public TransportAddress? RelatedAddress { get; init; }

    /// <summary>Extensions, in order, kept as they are; at most 16 of the peer's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions { get; init; } = [];
}
