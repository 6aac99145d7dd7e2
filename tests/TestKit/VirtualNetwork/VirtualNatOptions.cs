using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>The behaviour of a NAT or firewall in the words of RFC 4787.</summary>
public sealed record VirtualNatOptions
{
    /// <summary>False: a firewall, or nothing at all, that changes no address.</summary>
    public bool Translates { get; init; } = true;

    /// <summary>Whether UDP passes at all.</summary>
    public bool PassesUdp { get; init; } = true;

    public NatMapping Mapping { get; init; } = NatMapping.EndpointIndependent;

    public NatFiltering Filtering { get; init; } = NatFiltering.EndpointIndependent;

    public PortAllocation Ports { get; init; } = PortAllocation.Random;

    public bool Hairpinning { get; init; }

    /// <summary>How long a binding lives after the last outbound packet.</summary>
    public TimeSpan BindingTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The external addresses; their ports do not matter.</summary>
    public required IReadOnlyList<TransportAddress> ExternalAddresses { get; init; }

    /// <summary>Whether a host keeps its external address ("paired"), or every binding gets one of the pool ("arbitrary").</summary>
    public bool PairedAddresses { get; init; } = true;

    /// <summary>Whether the NAT rewrites its external endpoint inside inbound packets, as a generic ALG does.</summary>
    public bool RewritesPayload { get; init; }
}
