using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>What a firewall remembers: who inside has sent to whom outside, and when.</summary>
internal sealed class FirewallState
{
    // As much as a small router tracks; the oldest entries are not looked for, everything is forgotten at once.
    private const int MaxFlows = 65_536;

    private readonly Dictionary<Flow, Instant> _flows = [];

    public bool PassesOut(Packet packet, FirewallRules rules, Instant now)
    {
        switch (packet.Protocol)
        {
            case PacketProtocol.Icmp:
                return rules.PassesIcmp;
            case PacketProtocol.Udp when !FirewallRules.Allows(rules.OutboundUdpPorts, packet.Destination.Port):
                return false;

            // Answers to what was let in go out whatever their port is.
            case PacketProtocol.Tcp when !FirewallRules.Allows(rules.OutboundTcpPorts, packet.Destination.Port):
                return IsKnown(packet.Protocol, packet.Source, packet.Destination, rules, now);
        }

        Note(packet.Protocol, packet.Source, packet.Destination, now);
        return true;
    }

    public bool PassesIn(Packet packet, FirewallRules rules, Instant now)
    {
        if (packet.Protocol == PacketProtocol.Icmp)
        {
            return rules.PassesIcmp;
        }

        NatFiltering filtering = packet.Protocol == PacketProtocol.Udp ? rules.InboundUdp ?? rules.Inbound : rules.Inbound;
        switch (filtering)
        {
            case NatFiltering.EndpointIndependent:
                Note(packet.Protocol, packet.Destination, packet.Source, now);
                return true;
            case NatFiltering.AddressDependent:
                return IsKnown(packet.Protocol, packet.Destination, packet.Source.WithPort(0), rules, now);
            case NatFiltering.AddressAndPortDependent:
                return IsKnown(packet.Protocol, packet.Destination, packet.Source, rules, now);
            default:
                return false;
        }
    }

    private void Note(PacketProtocol protocol, TransportAddress inside, TransportAddress outside, Instant now)
    {
        if (_flows.Count >= MaxFlows)
        {
            _flows.Clear();
        }

        _flows[new Flow(protocol, inside, outside)] = now;
        _flows[new Flow(protocol, inside, outside.WithPort(0))] = now;
    }

    private bool IsKnown(PacketProtocol protocol, TransportAddress inside, TransportAddress outside, FirewallRules rules, Instant now)
    {
        var flow = new Flow(protocol, inside, outside);
        if (!_flows.TryGetValue(flow, out Instant last))
        {
            return false;
        }

        if (now - last >= (protocol == PacketProtocol.Tcp ? rules.TcpTimeout : rules.UdpTimeout))
        {
            _flows.Remove(flow);
            return false;
        }

        if (protocol == PacketProtocol.Tcp)
        {
            _flows[flow] = now;
        }

        return true;
    }

    private readonly record struct Flow(PacketProtocol Protocol, TransportAddress Inside, TransportAddress Outside);
}
