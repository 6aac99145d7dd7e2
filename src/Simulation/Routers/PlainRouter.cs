using System.Collections.Generic;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>A router that changes no addresses, with or without a firewall: an IPv6 home, an office with public addresses.</summary>
public sealed class PlainRouter : Router
{
    /// <summary>Joins two networks: the inner one gets a default route to the outer one for each family of the prefixes.</summary>
    /// <param name="name">Its name in traces.</param>
    /// <param name="inside">The inner network.</param>
    /// <param name="outside">The outer network, which gets the routes to the inner one.</param>
    /// <param name="prefixes">The addresses of the inner network, and of those behind it.</param>
    public PlainRouter(string name, Network inside, Network outside, params IReadOnlyList<AddressPrefix> prefixes)
        : base(name, inside, outside)
    {
        System.ArgumentNullException.ThrowIfNull(prefixes);
        var families = new List<Stun.StunAddressFamily>();
        foreach (AddressPrefix prefix in prefixes)
        {
            outside.AddRoute(prefix, Outside);
            if (!families.Contains(prefix.Family))
            {
                families.Add(prefix.Family);
                inside.AddRoute(Everything(prefix.Family), Inside);
            }
        }
    }

    internal override void HandleOutbound(Packet packet)
    {
        if (PassesOut(packet))
        {
            Outside.Link.SendUp(packet);
        }
    }

    internal override void HandleInbound(Packet packet)
    {
        if (PassesIn(packet))
        {
            Inside.Link.SendUp(packet);
        }
    }
}
