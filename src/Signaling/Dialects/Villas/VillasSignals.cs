namespace Stack.Signaling;

/// <summary>A peer's first message: what it will send.</summary>
/// <param name="Json">The JSON array of its signals, as it was written.</param>
public sealed record VillasSignals(string Json = "[]") : VillasMessage
{
    private protected override void Write(GoJson json) => json.Raw("signals", Json);
}
