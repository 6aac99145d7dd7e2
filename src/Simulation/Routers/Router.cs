using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>Something between an inner and an outer network: a NAT, a NAT64, or a plain router; each can have a firewall.</summary>
public abstract class Router : NetworkNode
{
    private const int MaxHops = 32;

    private readonly FirewallState _firewall = new();

    private protected Router(string name, Network inside, Network outside)
        : base((inside ?? throw new ArgumentNullException(nameof(inside))).Simulator, name)
    {
        Inside = Attach(inside);
        Outside = Attach(outside);
    }

    /// <summary>The interface on the inner network.</summary>
    public VirtualInterface Inside { get; }

    /// <summary>The interface on the outer network.</summary>
    public VirtualInterface Outside { get; }

    /// <summary>The firewall, which sees inner addresses; open by default. Can change at any time; connections that are known stay known.</summary>
    public FirewallRules Firewall
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    = FirewallRules.Open;

    /// <summary>All addresses of a family.</summary>
    private protected static AddressPrefix Everything(StunAddressFamily family) => new(
        family == StunAddressFamily.IPv4 ? TransportAddress.FromIPv4(0, 0) : TransportAddress.FromIPv6(UInt128.Zero, 0),
        0);

    internal sealed override void Receive(VirtualInterface via, Packet packet)
    {
        if (++packet.Hops > MaxHops)
        {
            Simulator.End(PacketFate.TooManyHops, Name, packet);
        }
        else if (via == Inside)
        {
            HandleOutbound(packet);
        }
        else
        {
            HandleInbound(packet);
        }
    }

    internal abstract void HandleOutbound(Packet packet);

    internal abstract void HandleInbound(Packet packet);

    /// <summary>Whether the firewall lets a packet out; it is gone where not.</summary>
    private protected bool PassesOut(Packet packet)
    {
        if (Firewall.IsOpen || _firewall.PassesOut(packet, Firewall, Simulator.Now))
        {
            return true;
        }

        Block(packet, Inside);
        return false;
    }

    /// <summary>Whether the firewall lets a packet in; it is gone where not.</summary>
    private protected bool PassesIn(Packet packet)
    {
        if (Firewall.IsOpen || _firewall.PassesIn(packet, Firewall, Simulator.Now))
        {
            return true;
        }

        Block(packet, Outside);
        return false;
    }

    private void Block(Packet packet, VirtualInterface side)
    {
        if (Firewall.ReportsBlocked)
        {
            side.Network.Report(packet, UnreachableReason.Prohibited, side);
        }

        Simulator.End(PacketFate.Blocked, Name, packet);
    }
}
