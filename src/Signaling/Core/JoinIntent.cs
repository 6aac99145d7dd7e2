namespace Stack.Signaling;

/// <summary>As what a connection joins its session.</summary>
/// <param name="Name">What people see; empty for the handle.</param>
/// <param name="Handle">By what it wants to be addressed; null for its number.</param>
/// <param name="Signals">VILLASnode: its signals.</param>
internal sealed record JoinIntent(string Name, string? Handle = null, string? Signals = null)
{
    /// <summary>How many numbers were of no use.</summary>
    public int Attempts { get; set; }
}
