namespace Stack.Signaling;

/// <summary>
/// A message that only peers of the same dialect understand, such as the lecture's chat: <see cref="PeerSignal.Original"/> is all there is of it. Peers of
/// other dialects do not get it.
/// </summary>
public sealed record VerbatimSignal : PeerSignal;
