using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>What a <see cref="VirtualIceAgent"/> gathers, and what its agent shall be.</summary>
public sealed record VirtualIceAgentOptions
{
    /// <summary>The agent.</summary>
    public IceAgentOptions Agent { get; init; } = new();

    /// <summary>STUN servers, each asked from each base of its address family.</summary>
    public IReadOnlyList<TransportAddress> StunServers { get; init; } = [];

    /// <summary>TURN servers, each with an allocation for each interface address of its family and each component.</summary>
    public IReadOnlyList<VirtualTurnAddress> TurnServers { get; init; } = [];

    /// <summary>Whether host and server-reflexive candidates are used; else relayed ones alone.</summary>
    public bool UsesHosts { get; init; } = true;

    /// <summary>Whether UDP candidates of the host are used; false for a host that knows that UDP is blocked.</summary>
    public bool UsesUdp { get; init; } = true;

    /// <summary>The TCP candidates of the host: active and passive ones, or simultaneous-open ones too; none by default.</summary>
    public VirtualTcpCandidates Tcp { get; init; }

    /// <summary>The family of the relayed addresses; the server's choice by default, which is IPv4.</summary>
    public StunAddressFamily RelayFamily { get; init; }

    /// <summary>Whether interfaces that come and go are followed; they are by default.</summary>
    public bool FollowsInterfaces { get; init; } = true;

    /// <summary>Which addresses are used; null for all but loopback.</summary>
    public Func<TransportAddress, bool>? AcceptsLocal { get; init; }

    /// <summary>Whether an agent that gets data sends it back.</summary>
    public bool Echoes { get; init; }

    /// <summary>The schedule of requests to STUN and TURN servers.</summary>
    public RetransmissionSchedule Schedule { get; init; } = RetransmissionSchedule.Default;

    internal ClientAllocationOptions AllocationOptions(VirtualTurnAddress server) => new()
    {
        Credential = new LongTermCredential(server.Username, server.Password),
        Transport = server.Transport,
        Family = RelayFamily,
        Schedule = Schedule,
    };
}
