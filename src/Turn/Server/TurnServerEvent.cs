using Stack.Stun;

namespace Stack.Turn;

/// <summary>Something that the operator may want to know. The closed set is <see cref="AllocationCreated"/> and <see cref="AllocationEnded"/>.</summary>
/// <param name="Path">The 5-tuple.</param>
/// <param name="Username">The user, as received; escape it before it is shown.</param>
/// <param name="Relayed">The relayed address as the client knows it.</param>
public abstract record TurnServerEvent(FiveTuple Path, string Username, TransportAddress Relayed);
