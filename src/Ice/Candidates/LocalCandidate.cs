using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>A candidate that was gathered, before the agent gives it a foundation and a priority.</summary>
public sealed record LocalCandidate
{
    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; init; }

    /// <summary>The component, counted from 1.</summary>
    public int ComponentId { get; init; } = 1;

    /// <summary>How it was obtained; never peer-reflexive.</summary>
    public required CandidateType Type { get; init; }

    /// <summary>The transport protocol between the peers.</summary>
    public CandidateTransport Transport { get; init; }

    /// <summary>The side that a TCP candidate takes.</summary>
    public TcpCandidateType TcpType { get; init; }

    /// <summary>
    /// The caller's number for what sends from the base: a socket, or an allocation. Candidates with the same base have the same number.
    /// </summary>
    public required int BaseId { get; init; }

    /// <summary>The transport address. A TCP-active candidate has port 9 (RFC 6544 section 4.5).</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>The transport address of the base: of a host or relayed candidate its own, of a reflexive one that of the host candidate.</summary>
    public required TransportAddress Base { get; init; }

    /// <summary>What the peer is told as the related address; null for nothing.</summary>
    public TransportAddress? RelatedAddress { get; init; }

    /// <summary>The STUN or TURN server that it was obtained from; none for host candidates. Part of the foundation.</summary>
    public TransportAddress Server { get; init; }

    /// <summary>
    /// 0 to 65535, higher is better (RFC 8445 section 5.1.2.1, RFC 8421). Where another candidate of the same type and component has it already, the
    /// agent takes the next lower free one.
    /// </summary>
    public int LocalPreference { get; init; } = 65535;

    /// <summary>Refuses what nobody can have gathered.</summary>
    internal static void Validate(LocalCandidate candidate)
    {
        if (candidate.Type == CandidateType.PeerReflexive)
        {
            throw new ArgumentException("Peer-reflexive candidates are learned, not gathered.", nameof(candidate));
        }

        if (candidate.Address.IsNone || candidate.Base.IsNone || candidate.Address.Family != candidate.Base.Family)
        {
            throw new ArgumentException("A candidate and its base have addresses of one family.", nameof(candidate));
        }

        if ((candidate.Transport == CandidateTransport.Tcp) != (candidate.TcpType != TcpCandidateType.None))
        {
            throw new ArgumentException("TCP candidates have a TCP type, others have none.", nameof(candidate));
        }

        if (candidate.LocalPreference is < 0 or > CandidatePriority.MaxLocalPreference)
        {
            throw new ArgumentException("A local preference is 0 to 65535.", nameof(candidate));
        }
    }
}
