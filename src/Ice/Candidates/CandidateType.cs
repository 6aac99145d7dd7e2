namespace Stack.Ice;

/// <summary>How a candidate was obtained (RFC 8445 section 5.1.1); in SDP <c>host</c>, <c>srflx</c>, <c>prflx</c> and <c>relay</c>.</summary>
public enum CandidateType : byte
{
    /// <summary>An address of an interface.</summary>
    Host,

    /// <summary>The address that a STUN or TURN server sees.</summary>
    ServerReflexive,

    /// <summary>The address that the peer sees, learned from a check.</summary>
    PeerReflexive,

    /// <summary>An address of a TURN server.</summary>
    Relayed,
}
