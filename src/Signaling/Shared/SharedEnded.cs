namespace Stack.Signaling;

/// <summary>This process ends, and its peers are gone.</summary>
/// <param name="Process">The process.</param>
public sealed record SharedEnded(string Process) : SharedMessage(Process);
