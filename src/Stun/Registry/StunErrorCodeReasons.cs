namespace Stack.Stun;

/// <summary>The recommended reason phrases of the registered error codes.</summary>
public static class StunErrorCodeReasons
{
    /// <summary>The phrase that the IANA registry recommends for a code; empty for a code without one.</summary>
    /// <param name="code">Any code.</param>
    public static string GetReasonPhrase(this StunErrorCode code) => code switch
    {
        StunErrorCode.TryAlternate => "Try Alternate",
        StunErrorCode.BadRequest => "Bad Request",
        StunErrorCode.Unauthenticated => "Unauthenticated",
        StunErrorCode.Forbidden => "Forbidden",
        StunErrorCode.MobilityForbidden => "Mobility Forbidden",
        StunErrorCode.UnknownAttribute => "Unknown Attribute",
        StunErrorCode.AllocationMismatch => "Allocation Mismatch",
        StunErrorCode.StaleNonce => "Stale Nonce",
        StunErrorCode.AddressFamilyNotSupported => "Address Family not Supported",
        StunErrorCode.WrongCredentials => "Wrong Credentials",
        StunErrorCode.UnsupportedTransportProtocol => "Unsupported Transport Protocol",
        StunErrorCode.PeerAddressFamilyMismatch => "Peer Address Family Mismatch",
        StunErrorCode.ConnectionAlreadyExists => "Connection Already Exists",
        StunErrorCode.ConnectionTimeoutOrFailure => "Connection Timeout or Failure",
        StunErrorCode.AllocationQuotaReached => "Allocation Quota Reached",
        StunErrorCode.RoleConflict => "Role Conflict",
        StunErrorCode.ServerError => "Server Error",
        StunErrorCode.InsufficientCapacity => "Insufficient Capacity",
        _ => "",
    };
}
