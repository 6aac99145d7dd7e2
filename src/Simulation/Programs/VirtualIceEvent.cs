using Stack.Ice;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>Something that has happened in an agent, and when, in the time of the simulation.</summary>
/// <param name="When">When.</param>
/// <param name="Event">What.</param>
public readonly record struct VirtualIceEvent(Instant When, IceEvent Event);
