using System;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>A datagram on its way.</summary>
public sealed record VirtualDatagram(TransportAddress Source, TransportAddress Destination, ReadOnlyMemory<byte> Payload);
