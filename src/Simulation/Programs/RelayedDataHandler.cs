using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>Takes data that a peer has sent to an allocation.</summary>
/// <param name="client">The client.</param>
/// <param name="peer">The peer.</param>
/// <param name="payload">Its data; valid within the call.</param>
public delegate void RelayedDataHandler(VirtualTurnClient client, TransportAddress peer, ReadOnlySpan<byte> payload);
