namespace Stack.Signaling;

/// <summary>What a peer says, with what PeerJS says beside it.</summary>
internal readonly record struct Said(PeerSignal Signal, string? ConnectionId = null, string? ConnectionType = null);
