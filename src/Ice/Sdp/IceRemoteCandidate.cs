using Stack.Stun;

namespace Stack.Ice;

/// <summary>The peer's candidate that the controlling agent selected for a component (RFC 8839 section 5.2).</summary>
/// <param name="ComponentId">1 to 256.</param>
/// <param name="Address">The address and port, 1 to 65535.</param>
public readonly record struct IceRemoteCandidate(int ComponentId, TransportAddress Address);
