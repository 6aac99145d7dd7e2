using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>One session of a snapshot: all peers in it that are this process's.</summary>
/// <param name="Process">The process.</param>
/// <param name="Session">The session.</param>
/// <param name="Peers">Its peers.</param>
public sealed record SharedSession(string Process, string Session, IReadOnlyList<SharedPeer> Peers) : SharedMessage(Process);
