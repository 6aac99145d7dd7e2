using Stack.Stun;

namespace Stack.Transport;

/// <summary>A datagram that has come. Its bytes stay where they are until the <see cref="ArrivalBatch"/> is released.</summary>
/// <param name="Offset">Where it begins in <see cref="ArrivalBatch.Buffer"/>.</param>
/// <param name="Length">Its length.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="TrafficClass">DSCP and ECN, as the byte in the IP header; 0 where the system does not tell.</param>
internal readonly record struct DatagramArrival(int Offset, int Length, TransportAddress Source, byte TrafficClass);
