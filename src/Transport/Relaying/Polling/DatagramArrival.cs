using Stack.Stun;

namespace Stack.Transport;

/// <summary>What came with a datagram.</summary>
/// <param name="Length">Its length.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="TrafficClass">DSCP and ECN, as the byte in the IP header; 0 where the system does not tell.</param>
internal readonly record struct DatagramArrival(int Length, TransportAddress Source, byte TrafficClass);
