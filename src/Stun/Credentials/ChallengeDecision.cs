namespace Stack.Stun;

/// <summary>What a client does about an error response (RFC 8489 section 9.2.5).</summary>
public enum ChallengeDecision : byte
{
    /// <summary>The response is not a challenge: it goes to the application.</summary>
    NotAChallenge,

    /// <summary>The request is made again, as a new transaction.</summary>
    Retry,

    /// <summary>The server refuses these credentials; trying again changes nothing.</summary>
    Refused,

    /// <summary>The challenge lacks REALM or NONCE, or they cannot be used.</summary>
    Malformed,

    /// <summary>The challenge offers less than its nonce cookie, or an earlier one, says: somebody on the path weakens it.</summary>
    BidDown,

    /// <summary>None of the password algorithms that the server offers is supported.</summary>
    NoSupportedAlgorithm,
}
