namespace Stack.Stun;

/// <summary>
/// The codes of the IANA registry "STUN Error Codes". A code is the hundreds digit (3 to 6) and a number from 0 to 99 (RFC 8489 section
/// 14.8); values that are not named here are legal on the wire.
/// </summary>
public enum StunErrorCode
{
    /// <summary>Try Alternate. The client should ask another server; see ALTERNATE-SERVER (RFC 8489 section 10).</summary>
    TryAlternate = 300,

    /// <summary>Bad Request. The request was malformed; sending it again unchanged does not help (RFC 8489 section 14.8).</summary>
    BadRequest = 400,

    /// <summary>Unauthenticated. The credentials are missing or wrong (RFC 8489 section 14.8).</summary>
    Unauthenticated = 401,

    /// <summary>Forbidden. Policy forbids the peer or the request (RFC 8656 section 19).</summary>
    Forbidden = 403,

    /// <summary>Mobility Forbidden. The server does not allow mobility (RFC 8016 section 5).</summary>
    MobilityForbidden = 405,

    /// <summary>Unknown Attribute. A comprehension-required attribute was not understood; UNKNOWN-ATTRIBUTES lists it (RFC 8489 section 14.8).</summary>
    UnknownAttribute = 420,

    /// <summary>Allocation Mismatch. The 5-tuple has an allocation already, or has none (RFC 8656 section 19).</summary>
    AllocationMismatch = 437,

    /// <summary>Stale Nonce. The nonce has expired; the response carries a new one (RFC 8489 section 14.8).</summary>
    StaleNonce = 438,

    /// <summary>Address Family not Supported. The server does not support the address family asked for (RFC 8656 section 19).</summary>
    AddressFamilyNotSupported = 440,

    /// <summary>Wrong Credentials. The credentials are not those that made the allocation (RFC 8656 section 19).</summary>
    WrongCredentials = 441,

    /// <summary>Unsupported Transport Protocol. The server does not support the transport asked for (RFC 8656 section 19).</summary>
    UnsupportedTransportProtocol = 442,

    /// <summary>Peer Address Family Mismatch. The peer address is of another family than the allocation (RFC 8656 section 19).</summary>
    PeerAddressFamilyMismatch = 443,

    /// <summary>Connection Already Exists. The connection to the peer exists already (RFC 6062 section 6.3).</summary>
    ConnectionAlreadyExists = 446,

    /// <summary>Connection Timeout or Failure. The peer could not be connected to (RFC 6062 section 6.3).</summary>
    ConnectionTimeoutOrFailure = 447,

    /// <summary>Allocation Quota Reached. The user has as many allocations as the server grants (RFC 8656 section 19).</summary>
    AllocationQuotaReached = 486,

    /// <summary>Role Conflict. Both agents claim the same ICE role (RFC 8445 section 16.2).</summary>
    RoleConflict = 487,

    /// <summary>Server Error. A temporary error; the client may try again (RFC 8489 section 14.8).</summary>
    ServerError = 500,

    /// <summary>Insufficient Capacity. The server has no capacity left for the request (RFC 8656 section 19).</summary>
    InsufficientCapacity = 508,
}
