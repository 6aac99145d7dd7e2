using Stack.Stun;

namespace Stack.Transport;

/// <summary>What the system handed over in one piece: a datagram, or several of one size from one source (UDP_GRO) and perhaps a shorter last one.</summary>
/// <param name="Slot">Where it stands.</param>
/// <param name="Length">The length of all of it.</param>
/// <param name="SegmentSize">The size of its datagrams; 0 where it is a single one.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="TrafficClass">DSCP and ECN, as the byte in the IP header.</param>
internal readonly record struct ArrivedMessage(int Slot, int Length, int SegmentSize, TransportAddress Source, byte TrafficClass);
