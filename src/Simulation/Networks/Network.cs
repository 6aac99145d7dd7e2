using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>
/// A network: interfaces that reach each other by address, and routes to what lies behind routers. All latency and loss is in the links of the
/// interfaces; the network itself takes no time.
/// </summary>
public sealed class Network
{
    private readonly Dictionary<TransportAddress, VirtualInterface> _interfaces = [];
    private readonly List<(AddressPrefix Prefix, VirtualInterface Via)> _routes = [];

    internal Network(Simulator simulator, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Simulator = simulator;
        Name = name;
    }

    /// <summary>Its name in traces.</summary>
    public string Name { get; }

    /// <summary>The simulation that it lives in.</summary>
    public Simulator Simulator { get; }

    /// <summary>Whether senders learn by ICMP that there is no way to a destination; they do not by default.</summary>
    public bool ReportsUnreachable { get; set; }

    /// <summary>Adds a route; the longest prefix that matches counts, and an address on the network itself goes before all.</summary>
    /// <param name="prefix">What lies there.</param>
    /// <param name="via">A router's interface on this network.</param>
    /// <exception cref="ArgumentException">The interface is on another network, or not a router's.</exception>
    public void AddRoute(AddressPrefix prefix, VirtualInterface via)
    {
        ArgumentNullException.ThrowIfNull(via);
        if (via.Network != this || via.Owner is not Router)
        {
            throw new ArgumentException("A route leads to a router's interface on the same network.", nameof(via));
        }

        int at = 0;
        while (at < _routes.Count && _routes[at].Prefix.Length >= prefix.Length)
        {
            at++;
        }

        _routes.Insert(at, (prefix, via));
    }

    /// <summary>Removes all routes by an interface.</summary>
    /// <param name="via">The interface.</param>
    public void RemoveRoutes(VirtualInterface via) => _routes.RemoveAll(route => route.Via == via);

    /// <summary>The address and the port without a zone, which has no meaning beyond one host.</summary>
    internal static TransportAddress KeyOf(TransportAddress address)
        => address.ScopeId == 0 ? address : TransportAddress.FromIPv6(address.Bits, (ushort)address.Port);

    internal void Claim(TransportAddress address, VirtualInterface owner)
    {
        if (address.IsNone || address.IsUnspecified)
        {
            throw new ArgumentException("An interface needs an address of a host.", nameof(address));
        }

        if (!_interfaces.TryAdd(KeyOf(address.WithPort(0)), owner))
        {
            throw new ArgumentException($"{address} is taken on {Name}.", nameof(address));
        }
    }

    internal void Release(TransportAddress address) => _interfaces.Remove(KeyOf(address));

    internal bool HasWayTo(TransportAddress destination)
        => this == Simulator.Internet || _interfaces.ContainsKey(KeyOf(destination).WithPort(0)) || Route(destination, null) is not null;

    /// <param name="packet">The packet.</param>
    /// <param name="from">Where it came from: it does not go back there by a route; null for nowhere.</param>
    internal void Forward(Packet packet, VirtualInterface? from)
    {
        TransportAddress key = KeyOf(packet.Destination).WithPort(0);
        if ((_interfaces.TryGetValue(key, out VirtualInterface? to) ? to : Route(key, from)) is { } next)
        {
            next.Link.SendDown(packet);
            return;
        }

        if (ReportsUnreachable)
        {
            Report(packet, UnreachableReason.Network, from);
        }

        Simulator.End(PacketFate.NoRoute, Name, packet);
    }

    /// <summary>Sends an ICMP error back to where a packet came from; none about an ICMP error.</summary>
    internal void Report(Packet packet, UnreachableReason reason, VirtualInterface? from)
    {
        if (packet.Protocol == PacketProtocol.Icmp || from is { IsAttached: false })
        {
            return;
        }

        Packet error = Simulator.Rent();
        error.Protocol = PacketProtocol.Icmp;
        error.Source = packet.Destination;
        error.Destination = packet.Source;
        error.Quoted = packet.Destination;
        error.QuotedProtocol = packet.Protocol;
        error.Reason = reason;
        Simulator.Note(PacketFate.Sent, Name, error);
        Forward(error, null);
    }

    private VirtualInterface? Route(TransportAddress destination, VirtualInterface? from)
    {
        foreach ((AddressPrefix prefix, VirtualInterface via) in _routes)
        {
            if (via != from && via.IsUp && prefix.Contains(destination))
            {
                return IsLinkLocal(destination) ? null : via;
            }
        }

        return null;
    }

    private static bool IsLinkLocal(TransportAddress address)
        => address.Family == StunAddressFamily.IPv6 ? address.Bits >> 118 == 0x3FA : address.Bits >> 16 == 0xA9FE;
}
