namespace Stack.Signaling;

/// <summary>A peer joins a session, or comes back.</summary>
/// <param name="Session">The word.</param>
/// <param name="Name">What people see; empty where it was not told.</param>
/// <param name="Resume">The token of the peer that comes back; null for a new one.</param>
public sealed record OwnJoin(string Session, string Name = "", string? Resume = null) : OwnMessage;
