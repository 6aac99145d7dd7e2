using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>What a <see cref="VirtualTurnServer"/> serves.</summary>
public sealed record VirtualTurnServerOptions
{
    /// <summary>The endpoints for UDP.</summary>
    public IReadOnlyList<TransportAddress> Udp { get; init; } = [];

    /// <summary>The endpoints for TCP.</summary>
    public IReadOnlyList<TransportAddress> Tcp { get; init; } = [];

    /// <summary>The addresses that relayed ones are made of; those of all endpoints by default.</summary>
    public IReadOnlyList<TransportAddress> Relays { get; init; } = [];

    /// <summary>The users and their passwords.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Users { get; init; } = [];

    /// <summary>The realm; <c>example.org</c> by default.</summary>
    public string Realm { get; init; } = "example.org";

    /// <summary>The limits.</summary>
    public TurnServerLimits Limits { get; init; } = new();

    /// <summary>
    /// The peers that are relayed to; null, the default, for the public internet and the networks for documentation, which stand for it in simulations.
    /// </summary>
    public PeerAddressPolicy? Peers { get; init; }
}
