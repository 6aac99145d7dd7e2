using Stack.Stun;

namespace Stack.Turn;

/// <summary>A request to a TURN server that came to nothing.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Transaction">The last transaction.</param>
public sealed record RequestFailure(RequestFailureReason Reason, RequestTransaction Transaction)
{
    /// <summary>The code of the error response; null without one.</summary>
    public StunErrorCode? Code { get; init; }

    /// <summary>What became of the server's challenge.</summary>
    public ChallengeDecision Challenge { get; init; }

    /// <summary>The server that an authenticated 300 response names; null without one. To be followed once (RFC 8489 section 10).</summary>
    public TransportAddress? Alternate { get; init; }

    /// <summary>The name that the certificate of <see cref="Alternate"/> must carry; null for the same name as before.</summary>
    public string? AlternateDomain { get; init; }

    /// <summary>Whether silence was the answer, so that asking again at once burdens nobody.</summary>
    internal bool IsSilence => Reason == RequestFailureReason.NoResponse
        && Transaction.Outcome is TransactionOutcome.TimedOut or TransactionOutcome.Unreachable;
}
