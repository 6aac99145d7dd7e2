namespace Stack.Ice;

/// <summary>What became of a datagram.</summary>
public enum IceDisposition : byte
{
    /// <summary>A STUN message of this session; it was taken, and may have led to transmits and events.</summary>
    Taken,

    /// <summary>Application data of the peer, from an address that is validated; pass it on.</summary>
    ApplicationData,

    /// <summary>Data from an address that no check has validated; dropped.</summary>
    Unvalidated,

    /// <summary>Not well-formed; dropped.</summary>
    Malformed,

    /// <summary>STUN, but no request, response or indication that this session has a use for; dropped.</summary>
    NotExpected,

    /// <summary>A response to no request that is waited for.</summary>
    UnknownTransaction,

    /// <summary>MESSAGE-INTEGRITY, USERNAME or FINGERPRINT is missing or wrong. A request may have been answered with 400 or 401.</summary>
    Unauthenticated,

    /// <summary>Dropped because a limit is reached.</summary>
    LimitReached,

    /// <summary>The base is not known, or the agent is closed.</summary>
    UnknownBase,
}
