using Stack.Stun;

namespace Stack.Ice;

/// <summary>A request that is to be written.</summary>
/// <param name="Pair">The pair to check.</param>
/// <param name="IsConsent">Whether it asks for consent.</param>
/// <param name="Retransmits">The transaction to send again; null for a new one.</param>
internal readonly record struct PendingRequest(CandidatePair Pair, bool IsConsent, TransactionId? Retransmits);
