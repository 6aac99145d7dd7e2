using System;
using System.Collections.Generic;
using System.Linq;
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

    /// <summary>The username fragment that the candidate belongs to, from the extension of RFC 8838 section 9; null where it is not told.</summary>
    public string? UsernameFragment => FindExtension("ufrag");

    /// <summary>The value of the first extension with a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The value, which may be empty; null where there is no such extension.</returns>
    public string? FindExtension(string name)
    {
        foreach (KeyValuePair<string, string> extension in Extensions)
        {
            if (string.Equals(extension.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return extension.Value;
            }
        }

        return null;
    }

    /// <summary>Compares all that is told, extensions in their order included.</summary>
    /// <param name="other">The other candidate.</param>
    public bool Equals(Candidate? other) => ReferenceEquals(this, other) || (other is not null
        && Foundation == other.Foundation
        && ComponentId == other.ComponentId
        && Transport == other.Transport
        && TcpType == other.TcpType
        && Priority == other.Priority
        && Address == other.Address
        && HostName == other.HostName
        && HostPort == other.HostPort
        && Type == other.Type
        && RelatedAddress == other.RelatedAddress
        && Extensions.SequenceEqual(other.Extensions));

    /// <summary>A hash of what tells candidates apart: component, address, type and priority.</summary>
    public override int GetHashCode() => HashCode.Combine(ComponentId, Transport, Address, HostName, Type, Priority);
}
