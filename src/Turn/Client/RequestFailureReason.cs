namespace Stack.Turn;

/// <summary>Why a request to a TURN server came to nothing.</summary>
public enum RequestFailureReason : byte
{
    /// <summary>No response that counts; <see cref="Stack.Stun.RequestTransaction.Outcome"/> says how the transaction ended.</summary>
    NoResponse,

    /// <summary>An error response; <see cref="RequestFailure.Code"/> has its code.</summary>
    ErrorResponse,

    /// <summary>The server refuses the credential, or its challenge cannot be answered; <see cref="RequestFailure.Challenge"/> says which.</summary>
    NotAuthenticated,

    /// <summary>A success response without what it must have: a relayed address, or a lifetime above zero.</summary>
    IncompleteSuccess,

    /// <summary>The relayed or mapped address is of a family that was not asked for; the allocation is deleted (RFC 8656 section 7.3).</summary>
    WrongFamily,
}
