using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>The checks of one component, as a strategy sees them. It stays the agent's and changes with it.</summary>
public sealed class ComponentChecks
{
    /// <summary>The most paths that are remembered as lost.</summary>
    internal const int MaxBarred = 512;

    internal ComponentChecks(int stream, int componentId)
    {
        Stream = stream;
        ComponentId = componentId;
    }

    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; }

    /// <summary>The component, counted from 1.</summary>
    public int ComponentId { get; }

    /// <summary>The pairs of the component in the checklist, the best first.</summary>
    public IReadOnlyList<CandidatePair> Pairs => PairList;

    /// <summary>The pairs that data may be sent on, the best first (the valid list of RFC 8445 section 7.2.5.3.2).</summary>
    public IReadOnlyList<CandidatePair> ValidPairs => ValidList;

    /// <summary>The pair that is nominated; null before.</summary>
    public CandidatePair? Selected { get; internal set; }

    /// <summary>The pair that data goes over; null for none.</summary>
    public CandidatePair? Path { get; internal set; }

    /// <summary>Whether both agents have told all their candidates.</summary>
    public bool CandidatesEnded { get; internal set; }

    /// <summary>When checks could begin.</summary>
    public Instant Started { get; internal set; }

    internal List<CandidatePair> PairList { get; } = [];

    internal List<CandidatePair> ValidList { get; } = [];

    internal List<Candidate> Remotes { get; } = [];

    /// <summary>Bases and remote addresses of pairs given up that had lost their consent: these credentials are not used there again.</summary>
    internal HashSet<(int BaseId, TransportAddress Remote)> Barred { get; } = [];

    internal int SignaledRemotes { get; set; }

    internal int PeerReflexives { get; set; }

    /// <summary>When a peer-reflexive candidate was last given up for another one; null for never.</summary>
    internal Instant? ForgotAt { get; set; }

    /// <summary>Whether one of the agents has no candidate for the component, nor any above: the stream does without (RFC 8445 section 6.1.2.2).</summary>
    internal bool IsAbsent { get; set; }

    /// <summary>Whether there has been a base for the component: what has gone since does not make it absent.</summary>
    internal bool HadBase { get; set; }

    /// <summary>Whether the peer has told of a candidate for the component, taken or not: one over a limit does not make it absent.</summary>
    internal bool HadRemote { get; set; }

    /// <summary>The pair whose nomination is under way, on the controlling side.</summary>
    internal CandidatePair? Nominating { get; set; }

    /// <summary>When the strategy wants to be asked about nomination again.</summary>
    internal Instant? NominationDue { get; set; }

    /// <summary>Whether a nomination has succeeded: there is to be no other before a restart (RFC 8445 section 8.1.1).</summary>
    internal bool HasNominated { get; set; }
}
