namespace Stack.Soak;

/// <summary>What the server holds at one moment: by the system, and then by itself.</summary>
internal sealed record SoakMoment(long ResidentBytes, SoakSnapshot Held);
