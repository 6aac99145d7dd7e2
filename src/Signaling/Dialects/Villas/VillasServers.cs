using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>The server's first message; <c>{}</c> where there are no relays.</summary>
/// <param name="Servers">STUN and TURN servers.</param>
public sealed record VillasServers(IReadOnlyList<VillasRelay> Servers) : VillasMessage;
