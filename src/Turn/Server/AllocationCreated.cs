using Stack.Stun;

namespace Stack.Turn;

/// <summary>An allocation was created.</summary>
/// <param name="Path">The 5-tuple.</param>
/// <param name="Username">The user, as received; escape it before it is shown.</param>
/// <param name="Relayed">The relayed address as the client knows it; of a dual allocation, the IPv4 one.</param>
/// <param name="Protocol">The protocol to the peers.</param>
public sealed record AllocationCreated(FiveTuple Path, string Username, TransportAddress Relayed, RelayProtocol Protocol)
    : TurnServerEvent(Path, Username, Relayed);
