namespace Stack.Soak;

/// <summary>What the server holds at one moment.</summary>
/// <param name="UsualResidentBytes">By the system, as a median: with what the garbage collector keeps for allocations to come.</param>
/// <param name="ResidentBytes">By the system, right after a full collection that has given back what is free.</param>
/// <param name="Held">By the server itself, then.</param>
internal sealed record SoakMoment(long UsualResidentBytes, long ResidentBytes, SoakSnapshot Held);
