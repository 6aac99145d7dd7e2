using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>A local and a remote candidate (RFC 8445 section 6.1.2.2). It stays the agent's and changes with it; read it on the agent's loop.</summary>
public sealed class CandidatePair
{
    internal CandidatePair(int stream, int baseId, Candidate local, Candidate remote)
    {
        Stream = stream;
        BaseId = baseId;
        Local = local;
        Remote = remote;
    }

    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; }

    /// <summary>The component, counted from 1.</summary>
    public int ComponentId => Local.ComponentId;

    /// <summary>The socket or allocation that sends.</summary>
    public int BaseId { get; }

    /// <summary>The local candidate; of a valid pair the one that the peer sees, which may be peer-reflexive.</summary>
    public Candidate Local { get; internal set; }

    /// <summary>The remote candidate; a peer-reflexive one becomes what it is signaled as.</summary>
    public Candidate Remote { get; internal set; }

    /// <summary>The priority (RFC 8445 section 6.1.2.3); changes with the role.</summary>
    public ulong Priority { get; internal set; }

    /// <summary>The state.</summary>
    public CandidatePairState State { get; internal set; }

    /// <summary>Whether a check was answered, so that data may be sent.</summary>
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

    /// <summary>Where the local base sends from and the remote candidate is.</summary>
    public override string ToString() => $"{Local.Type} {Local.Address} - {Remote.Type} {Remote.Address}, {State}";
}
