using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>A local and a remote candidate (RFC 8445 section 6.1.2.2). It stays the agent's and changes with it; read it on the agent's loop.</summary>
public sealed class CandidatePair
{
    internal CandidatePair(LocalBase localBase, Candidate remote)
    {
        Base = localBase;
        Local = localBase.Candidate;
        Remote = remote;
        RemoteAddress = remote.Address;
        RemoteFoundation = remote.Foundation;
    }

    /// <summary>The data stream, counted from 0.</summary>
    public int Stream => Base.Stream;

    /// <summary>The component, counted from 1.</summary>
    public int ComponentId => Base.ComponentId;

    /// <summary>The socket or allocation that sends.</summary>
    public int BaseId => Base.Id;

    /// <summary>The local candidate; of a valid pair the one that the peer sees, which may be peer-reflexive.</summary>
    public Candidate Local { get; internal set; }

    /// <summary>The remote candidate; a peer-reflexive one becomes what it is signaled as.</summary>
    public Candidate Remote { get; internal set; }

    /// <summary>
    /// Whether it goes through a TURN server, as far as is known. Our own counts whatever <see cref="Local"/> is: where a NAT on the way back rewrites the
    /// relayed address, the peer sees another one, and the local candidate is peer-reflexive.
    /// </summary>
    public bool IsRelayed => Base.IsRelayed || Remote.Type == CandidateType.Relayed;

    /// <summary>The priority (RFC 8445 section 6.1.2.3); changes with the role.</summary>
    public ulong Priority { get; internal set; }

    /// <summary>The state.</summary>
    public CandidatePairState State { get; internal set; }

    /// <summary>Whether a check was answered and consent has not gone since, so that data may be sent.</summary>
    public bool IsValid { get; internal set; }

    /// <summary>Whether the pair is nominated.</summary>
    public bool IsNominated { get; internal set; }

    /// <summary>The last round-trip time of a check; null before the first answer.</summary>
    public TimeSpan? RoundTripTime { get; internal set; }

    /// <summary>Requests sent, consent checks included.</summary>
    public int RequestsSent { get; internal set; }

    /// <summary>Valid responses received.</summary>
    public int ResponsesReceived { get; internal set; }

    /// <summary>Authenticated requests received.</summary>
    public int RequestsReceived { get; internal set; }

    /// <summary>The code of the last error response, authenticated or not; null without one.</summary>
    public StunErrorCode? LastError { get; internal set; }

    /// <summary>Whether the peer refuses our credentials, and has never answered otherwise. It may be forged, so it decides nothing before the PAC timer does.</summary>
    internal bool IsRefused => ResponsesReceived == 0 && (LastError is StunErrorCode.Unauthenticated or StunErrorCode.BadRequest);

    /// <summary>When consent was last given (RFC 7675); null before the pair is valid.</summary>
    public Instant? ConsentGiven { get; internal set; }

    /// <summary>When the last authenticated request came over the pair; null before.</summary>
    public Instant? LastRequest { get; internal set; }

    /// <summary>When a check of the pair was last answered for the first time.</summary>
    internal Instant? ValidSince { get; set; }

    internal LocalBase Base { get; }

    internal TransportAddress RemoteAddress { get; }

    internal string RemoteFoundation { get; set; }

    /// <summary>The priority of the local candidate that stands in the PRIORITY attribute of checks.</summary>
    internal uint CheckPriority => Base.PeerReflexivePriority;

    // The check under way.
    internal PairCheck Check;

    // Consent of a valid pair.
    internal PairConsent Consent;

    /// <summary>Whether the peer has nominated the pair with USE-CANDIDATE.</summary>
    internal bool NominatedByPeer { get; set; }

    /// <summary>The pair whose check has made this one valid; null where it was its own (RFC 8445 section 7.2.5.3.2).</summary>
    internal CandidatePair? Producer { get; set; }

    /// <summary>Whether the pair was taken off the checklist; responses may still come.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>Whether consent was lost: these credentials must not be used on this path again (RFC 7675 section 5.1).</summary>
    internal bool IsBarred { get; set; }

    /// <summary>Both candidates and the state.</summary>
    public override string ToString()
        => $"{Local.Type} {Local.Address} - {Remote.Type} {RemoteAddress}: {State}{(IsValid ? ", valid" : "")}{(IsNominated ? ", nominated" : "")}";

    internal bool HasFoundationOf(CandidatePair other)
        => Base.Candidate.Foundation == other.Base.Candidate.Foundation && RemoteFoundation == other.RemoteFoundation;
}
