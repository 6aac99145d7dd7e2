using Stack.Stun;

namespace Stack.Ice;

/// <summary>Where application data goes: a forwarding decision, so that the agent never touches the data.</summary>
/// <param name="BaseId">The socket or allocation to send from.</param>
/// <param name="Destination">The peer.</param>
public readonly record struct IceRoute(int BaseId, TransportAddress Destination);
