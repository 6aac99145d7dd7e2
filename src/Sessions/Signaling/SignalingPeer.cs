using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>Another peer of the session, as the server tells of it.</summary>
/// <param name="Id">Its number, which no other peer of the session has or had.</param>
/// <param name="Name">What people see; may be empty. It comes from the peer: escape it before it is shown.</param>
/// <param name="Dialect">Its dialect; null for one that is not known here.</param>
/// <param name="Role">What we do towards it.</param>
public sealed record SignalingPeer(int Id, string Name, SignalingDialect? Dialect, PairRole Role);
