using System;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>Sees a message that an agent sends, or what its agent made of one that has come; for tests that judge it by what is on the wire.</summary>
/// <param name="agent">The agent.</param>
/// <param name="baseId">The socket or allocation.</param>
/// <param name="remote">The other end.</param>
/// <param name="message">The bytes, valid during the call.</param>
/// <param name="disposition">What became of it; null for one that is sent.</param>
public delegate void IceMessageHandler(
    VirtualIceAgent agent, int baseId, TransportAddress remote, ReadOnlySpan<byte> message, IceDisposition? disposition);
