namespace Stack.Signaling;

/// <summary>A session description on its way between two peers. The text passes unchanged, whatever it is.</summary>
/// <param name="Type">What it is for.</param>
/// <param name="Sdp">The text, empty for a rollback.</param>
public sealed record PeerDescription(DescriptionType Type, string Sdp);
