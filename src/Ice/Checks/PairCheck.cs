using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>How far the check of a pair is.</summary>
internal struct PairCheck
{
    /// <summary>Requests sent in this check.</summary>
    public int Sent;

    /// <summary>Requests sent to the pair that no response has come for, over all checks.</summary>
    public int Unanswered;

    /// <summary>Authenticated requests that came from the remote candidate; each allows one more request.</summary>
    public int Invitations;

    /// <summary>Whether the pair is in the triggered-check queue.</summary>
    public bool IsQueued;

    /// <summary>Whether the check was triggered by the peer, which makes it likely to succeed.</summary>
    public bool IsTriggered;

    /// <summary>Whether the check nominates.</summary>
    public bool Nominates;

    /// <summary>When a request follows; null where none does.</summary>
    public Instant? NextRequest;

    /// <summary>When the check has failed, unless it is answered; null while none is under way.</summary>
    public Instant? FailsAt;

    /// <summary>The RTO of this check.</summary>
    public TimeSpan Rto;

    /// <summary>The transaction to retransmit.</summary>
    public TransactionId Last;
}
