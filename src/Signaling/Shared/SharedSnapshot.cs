namespace Stack.Signaling;

/// <summary>The end of a snapshot: sessions of this process that were not told since the one before are over.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times its peers had changed.</param>
public sealed record SharedSnapshot(string Process, long Revision) : SharedMessage(Process);
