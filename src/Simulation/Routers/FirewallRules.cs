using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>What a firewall lets through. Immutable; the default lets out everything and lets in only what belongs to it.</summary>
public sealed record FirewallRules
{
    /// <summary>No firewall.</summary>
    public static readonly FirewallRules Open = new() { Inbound = NatFiltering.EndpointIndependent };

    /// <summary>Everything out; in, what belongs to it by address and port.</summary>
    public static readonly FirewallRules Stateful = new();

    /// <summary>TCP as with <see cref="Open"/>, but no UDP in either direction.</summary>
    public static readonly FirewallRules NoUdp = new() { OutboundUdpPorts = [], InboundUdp = NatFiltering.Unknown, Inbound = NatFiltering.EndpointIndependent };

    /// <summary>TCP to port 443 outwards, and nothing else.</summary>
    public static readonly FirewallRules HttpsOnly = new() { OutboundUdpPorts = [], OutboundTcpPorts = [new PortRange(443, 443)] };

    /// <summary>Nothing at all.</summary>
    public static readonly FirewallRules Closed = new() { OutboundUdpPorts = [], OutboundTcpPorts = [] };

    /// <summary>The destination ports to which UDP may leave; null, the default, for all; none to block UDP.</summary>
    public IReadOnlyList<PortRange>? OutboundUdpPorts { get; init; }

    /// <summary>The destination ports to which TCP may leave; null, the default, for all.</summary>
    public IReadOnlyList<PortRange>? OutboundTcpPorts { get; init; }

    /// <summary>
    /// Whose packets are let in: with <see cref="NatFiltering.EndpointIndependent"/> everybody's, otherwise those of endpoints, or of addresses, that
    /// were sent to from inside. By address and port by default.
    /// </summary>
    public NatFiltering Inbound { get; init; } = NatFiltering.AddressAndPortDependent;

    /// <summary>The same for UDP alone; null, the default, for no difference. <see cref="NatFiltering.Unknown"/> lets in nothing.</summary>
    public NatFiltering? InboundUdp { get; init; }

    /// <summary>How long UDP from inside lets in answers; 120 s by default.</summary>
    public TimeSpan UdpTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long an idle TCP connection is known; 2 h 4 min by default.</summary>
    public TimeSpan TcpTimeout { get; init; } = TimeSpan.FromMinutes(124);

    /// <summary>Whether ICMP errors pass; they do by default.</summary>
    public bool PassesIcmp { get; init; } = true;

    /// <summary>Whether the sender of a refused packet is told by ICMP; not by default.</summary>
    public bool ReportsBlocked { get; init; }

    internal bool IsOpen => ReferenceEquals(this, Open);

    internal static bool Allows(IReadOnlyList<PortRange>? ports, int port)
    {
        if (ports is null)
        {
            return true;
        }

        for (int i = 0; i < ports.Count; i++)
        {
            if (port >= ports[i].First && port <= ports[i].Last)
            {
                return true;
            }
        }

        return false;
    }
}
