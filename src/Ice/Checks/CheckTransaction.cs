using Stack.Stun;

namespace Stack.Ice;

/// <summary>A Binding request that may still be answered: all that is needed to judge the answer, and to write the same request again.</summary>
/// <param name="Pair">The pair that was checked.</param>
/// <param name="SentAt">When it was sent first.</param>
/// <param name="Role">The role that it claimed.</param>
/// <param name="TieBreaker">The tie-breaker that it carried.</param>
/// <param name="Nominates">Whether it carried USE-CANDIDATE.</param>
/// <param name="IsConsent">Whether it asks for consent.</param>
/// <param name="IsRetransmitted">Whether it was sent more than once, so that an answer tells no round-trip time.</param>
internal readonly record struct CheckTransaction(
    CandidatePair Pair, Instant SentAt, IceRole Role, ulong TieBreaker, bool Nominates, bool IsConsent, bool IsRetransmitted = false);
