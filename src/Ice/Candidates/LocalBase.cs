using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>What sends: a socket or an allocation, with the best of the candidates that have it as their base.</summary>
internal sealed class LocalBase(LocalCandidate first, Candidate candidate)
{
    /// <summary>How many sources of one base are remembered; a source proves itself with an authenticated message.</summary>
    public const int MaxSources = 128;

    public int Id { get; } = first.BaseId;

    public int Stream { get; } = first.Stream;

    public int ComponentId { get; } = first.ComponentId;

    public TransportAddress Address { get; } = first.Base;

    public CandidateTransport Transport { get; } = first.Transport;

    public TcpCandidateType TcpType { get; } = first.TcpType;

    public bool IsRelayed => Candidate.Type == CandidateType.Relayed;

    public bool IsTcp => Transport == CandidateTransport.Tcp;

    /// <summary>The candidate of the highest priority; it stands for the base in pairs (RFC 8445 section 6.1.2.4).</summary>
    public Candidate Candidate { get; set; } = candidate;

    /// <summary>The priority of a peer-reflexive candidate of this base (RFC 8445 section 7.1.1).</summary>
    public uint PeerReflexivePriority { get; set; }

    /// <summary>The foundation of such a candidate (RFC 8445 section 5.1.1.3).</summary>
    public string PeerReflexiveFoundation { get; set; } = "";

    /// <summary>All candidates of this base, those that the peer's answers have shown included.</summary>
    public List<Candidate> Candidates { get; } = [candidate];

    /// <summary>Addresses that authenticated messages have come from: data is accepted from these.</summary>
    public HashSet<TransportAddress> Sources { get; } = [];

    /// <summary>The remote ends of TCP connections that stand.</summary>
    public HashSet<TransportAddress> Connections { get; } = [];

    /// <summary>The remote ends of TCP connections that were asked for.</summary>
    public HashSet<TransportAddress> Connecting { get; } = [];

    /// <summary>The peers that a channel was asked for.</summary>
    public HashSet<TransportAddress> Channeled { get; } = [];

    /// <summary>The addresses, with port 0, that permissions were asked for.</summary>
    public HashSet<TransportAddress> Permitted { get; } = [];

    private readonly Queue<TransportAddress> _order = new();

    /// <summary>Notes that an authenticated message has come from an address; the oldest one makes room.</summary>
    public void Remember(TransportAddress source)
    {
        if (Sources.Add(source))
        {
            _order.Enqueue(source);
            if (_order.Count > MaxSources)
            {
                Sources.Remove(_order.Dequeue());
            }
        }
    }
}
