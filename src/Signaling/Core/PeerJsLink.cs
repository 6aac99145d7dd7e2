namespace Stack.Signaling;

/// <summary>The connection that a PeerJS peer has with one of another dialect, in its words.</summary>
internal sealed record PeerJsLink(string ConnectionId, string Type);
