namespace Stack.Signaling;

/// <summary>A peer of this process is gone.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times the process's peers have changed, this change included.</param>
/// <param name="Session">The session.</param>
/// <param name="Id">The peer's number.</param>
public sealed record SharedGone(string Process, long Revision, string Session, int Id) : SharedMessage(Process);
