namespace Stack.Signaling;

/// <summary>A description or a candidate, to all others of the session or from one of them.</summary>
/// <param name="Signal">What is said.</param>
public sealed record VillasSignal(PeerSignal Signal) : VillasMessage;
