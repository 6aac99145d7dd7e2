namespace Stack.Turn;

/// <summary>What became of bytes that a TURN client received; for counters.</summary>
public enum ClientDisposition : byte
{
    /// <summary>It ended a transaction.</summary>
    Completed,

    /// <summary>It carries application data of a peer.</summary>
    PeerData,

    /// <summary>It is an indication that became an event.</summary>
    Reported,

    /// <summary>It is neither a well-formed STUN message nor a ChannelData message.</summary>
    Malformed,

    /// <summary>It is a request, or an indication that no server sends.</summary>
    NotExpected,

    /// <summary>Its FINGERPRINT is wrong.</summary>
    WrongFingerprint,

    /// <summary>No transaction with its id and method is in progress: late, a duplicate, or forged.</summary>
    UnknownTransaction,

    /// <summary>It does not come from the server.</summary>
    WrongSource,

    /// <summary>It belongs to a transaction, but the credential mechanism discards it.</summary>
    Ignored,

    /// <summary>There is no allocation that it could belong to.</summary>
    NoAllocation,

    /// <summary>Its peer has no permission of ours (RFC 8656 section 11.4).</summary>
    NoPermission,

    /// <summary>Its channel is none of ours (RFC 8656 section 12.6).</summary>
    NoChannel,

    /// <summary>It lacks what it must have, or has an attribute that must be understood and is not.</summary>
    Incomplete,
}
