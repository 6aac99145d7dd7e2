using Stack.Stun;

namespace Stack.Ice;

/// <summary>Whether to nominate now.</summary>
/// <param name="Pair">A valid pair to nominate; null to wait.</param>
/// <param name="AskAgain">When to ask again at the latest; null for the next change.</param>
public readonly record struct NominationChoice(CandidatePair? Pair, Instant? AskAgain);
