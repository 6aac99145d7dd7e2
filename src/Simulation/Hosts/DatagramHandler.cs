using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>Takes a datagram.</summary>
/// <param name="socket">The socket that it came to.</param>
/// <param name="source">Where it came from.</param>
/// <param name="payload">Its bytes; valid within the call.</param>
public delegate void DatagramHandler(VirtualSocket socket, TransportAddress source, ReadOnlySpan<byte> payload);
