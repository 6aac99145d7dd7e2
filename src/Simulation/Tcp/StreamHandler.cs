using System;

namespace Stack.Simulation;

/// <summary>Takes bytes of a stream, in order, in pieces of any size.</summary>
/// <param name="connection">The connection.</param>
/// <param name="bytes">The next bytes; valid within the call.</param>
public delegate void StreamHandler(VirtualConnection connection, ReadOnlySpan<byte> bytes);
