namespace Stack.Signaling;

/// <summary>A peer joined at this process.</summary>
/// <param name="Process">The process.</param>
/// <param name="Revision">How many times the process's peers have changed, this change included.</param>
/// <param name="Session">The session.</param>
/// <param name="Peer">The peer.</param>
public sealed record SharedJoined(string Process, long Revision, string Session, SharedPeer Peer) : SharedMessage(Process);
