namespace Stack.Signaling;

/// <summary>A session description for a peer.</summary>
/// <param name="Description">The description.</param>
public sealed record DescriptionSignal(PeerDescription Description) : PeerSignal;
