namespace Stack.Ice;

/// <summary>What became of a remote candidate.</summary>
public enum RemoteCandidateStatus : byte
{
    /// <summary>It is known now, and paired where it can be.</summary>
    Added,

    /// <summary>It was known; nothing changes.</summary>
    Duplicate,

    /// <summary>It was known as a peer-reflexive candidate, which now has its true type, priority and foundation.</summary>
    ReplacedPeerReflexive,

    /// <summary>The peer's credentials are not known yet; it waits for them.</summary>
    Queued,

    /// <summary>Its address is none that the agent sends to (unspecified, loopback, multicast, a forbidden port).</summary>
    RefusedAddress,

    /// <summary>Its name must be resolved first; add it again with its address.</summary>
    Unresolved,

    /// <summary>It belongs to a stream or component that there is not.</summary>
    NoSuchComponent,

    /// <summary>It belongs to another generation of credentials.</summary>
    WrongGeneration,

    /// <summary>It came after the end of candidates (RFC 8838 section 14).</summary>
    AfterEnd,

    /// <summary>A limit is reached.</summary>
    LimitReached,
}
