namespace Stack.Stun;

/// <summary>A probe that is to be sent; its bytes stand at the start of the buffer that the caller lent.</summary>
/// <param name="Socket">
/// The number of the socket. At a number that was not there before the caller binds a new socket to a random port, and reports its address by
/// <see cref="NatDiscovery.HandleSocketBound"/>.
/// </param>
/// <param name="Destination">Where to.</param>
/// <param name="Length">How many bytes of the buffer.</param>
public readonly record struct NatTransmit(int Socket, TransportAddress Destination, int Length);
