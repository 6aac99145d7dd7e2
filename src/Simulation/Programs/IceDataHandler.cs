using System;
using Stack.Ice;

namespace Stack.Simulation;

/// <summary>Takes application data that has come over a valid path.</summary>
/// <param name="agent">The agent.</param>
/// <param name="arrival">The stream and the component.</param>
/// <param name="payload">The data; valid within the call.</param>
public delegate void IceDataHandler(VirtualIceAgent agent, IceArrival arrival, ReadOnlySpan<byte> payload);
