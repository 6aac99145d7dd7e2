using Stack.Stun;

namespace Stack.Simulation;

/// <summary>Takes an ICMP error about something that a socket has sent.</summary>
/// <param name="socket">The socket.</param>
/// <param name="destination">Where the datagram went.</param>
/// <param name="reason">What is wrong.</param>
public delegate void UnreachableHandler(VirtualSocket socket, TransportAddress destination, UnreachableReason reason);
