using Stack.Stun;

namespace Stack.Fuzz.Sessions;

/// <summary>A packet between the agents of a script.</summary>
internal sealed record FlyingPacket(int To, TransportAddress From, TransportAddress Destination, byte[] Bytes, bool IsGenuine);
