using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A TURN server that an agent uses.</summary>
/// <param name="Address">Its endpoint, as the agent's host reaches it.</param>
/// <param name="Username">The user.</param>
/// <param name="Password">The password.</param>
/// <param name="Transport">UDP or TCP.</param>
public sealed record VirtualTurnAddress(TransportAddress Address, string Username, string Password, StunTransport Transport = StunTransport.Udp);
