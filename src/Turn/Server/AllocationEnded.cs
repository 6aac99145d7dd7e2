using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>An allocation ended: the line for the audit log.</summary>
/// <param name="Path">The 5-tuple.</param>
/// <param name="Username">The user, as received; escape it before it is shown.</param>
/// <param name="Relayed">The relayed address as the client knows it; of a dual allocation, the IPv4 one.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Age">How long it lived.</param>
/// <param name="Traffic">What it relayed.</param>
/// <param name="Peers">The peers that had permissions, up to 32, without ports.</param>
public sealed record AllocationEnded(
    FiveTuple Path,
    string Username,
    TransportAddress Relayed,
    AllocationEndReason Reason,
    TimeSpan Age,
    RelayTraffic Traffic,
    IReadOnlyList<TransportAddress> Peers)
    : TurnServerEvent(Path, Username, Relayed);
