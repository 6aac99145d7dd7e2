using Stack.Stun;

namespace Stack.Transport;

/// <summary>A connectivity check for a session that there is not (yet). It is not authenticated: whoever knows the port can send it.</summary>
/// <param name="LocalFragment">The username fragment that the sender takes for ours, 4 to 256 ice-chars.</param>
/// <param name="RemoteFragment">The sender's own, 4 to 256 ice-chars.</param>
/// <param name="Source">Where it came from.</param>
public sealed record IceStrangerCheck(string LocalFragment, string RemoteFragment, TransportAddress Source);
