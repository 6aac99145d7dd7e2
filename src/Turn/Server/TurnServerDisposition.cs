namespace Stack.Turn;

/// <summary>What became of a message or datagram; for counters.</summary>
public enum TurnServerDisposition : byte
{
    /// <summary>A success response was made.</summary>
    Answered,

    /// <summary>An error response other than a challenge was made.</summary>
    Refused,

    /// <summary>401 or 438: the client was asked for its credential.</summary>
    Challenged,

    /// <summary>Application data goes on.</summary>
    Relayed,

    /// <summary>The answer comes later (RFC 6062 section 5.2).</summary>
    Pending,

    /// <summary>It is neither a well-formed STUN message nor a ChannelData message.</summary>
    Malformed,

    /// <summary>Its FINGERPRINT is wrong.</summary>
    WrongFingerprint,

    /// <summary>It is a response, or an indication that no client sends.</summary>
    NotARequest,

    /// <summary>Its method is not one that this server serves.</summary>
    UnknownMethod,

    /// <summary>Its source has had its share of replies.</summary>
    RateLimited,

    /// <summary>Its source has failed to authenticate too often.</summary>
    Silenced,

    /// <summary>It needs an allocation that does not exist, and cannot be answered.</summary>
    NoAllocation,

    /// <summary>The peer has no permission.</summary>
    NoPermission,

    /// <summary>The channel is not bound.</summary>
    NoChannel,

    /// <summary>The peer is one that this server does not relay to.</summary>
    ForbiddenPeer,

    /// <summary>The allocation has used up its bandwidth.</summary>
    OverBandwidth,

    /// <summary>It does not fit a datagram together with its header.</summary>
    TooLarge,
}
