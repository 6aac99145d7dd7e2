namespace Stack.Stun;

/// <summary>The error code of each verdict.</summary>
public static class RequestVerdicts
{
    /// <summary>The code of the error response.</summary>
    /// <param name="verdict">Any verdict but <see cref="RequestVerdict.Accepted"/>.</param>
    public static StunErrorCode ToErrorCode(this RequestVerdict verdict) => verdict switch
    {
        RequestVerdict.BadRequest => StunErrorCode.BadRequest,
        RequestVerdict.StaleNonce => StunErrorCode.StaleNonce,
        _ => StunErrorCode.Unauthenticated,
    };
}
