using Stack.Stun;

namespace Stack.Ice;

/// <summary>A message to send: it stands at the start of the buffer lent to <see cref="IceAgent.TryReadTransmit"/>.</summary>
/// <param name="BaseId">The socket or allocation to send from.</param>
/// <param name="Destination">Where it goes. Over TCP: the remote end of the connection.</param>
/// <param name="Length">Its length in bytes. Over TCP the caller frames it (RFC 4571).</param>
public readonly record struct IceTransmit(int BaseId, TransportAddress Destination, int Length);
