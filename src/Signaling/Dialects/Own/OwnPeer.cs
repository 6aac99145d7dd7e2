namespace Stack.Signaling;

/// <summary>Another peer, as a peer of the own dialect is told of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What people see; may be empty.</param>
/// <param name="Dialect">Its dialect; null for one that is not known here.</param>
/// <param name="Role">What the one who is told does towards it.</param>
public sealed record OwnPeer(int Id, string Name, SignalingDialect? Dialect, PairRole Role);
