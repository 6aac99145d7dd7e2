using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A stateful NAT64 (RFC 6146): hosts of an IPv6 network reach IPv4 ones under addresses of a prefix.</summary>
public sealed class Nat64Router : TranslatingRouter
{
    /// <summary>Joins two networks; the inner one gets a route to the prefix.</summary>
    /// <param name="name">Its name in traces.</param>
    /// <param name="inside">The IPv6 network.</param>
    /// <param name="outside">The IPv4 network.</param>
    /// <param name="prefix">How IPv4 addresses are written.</param>
    /// <param name="options">The behaviour.</param>
    /// <param name="externalAddresses">At least one IPv4 address on the outer network; ports do not count.</param>
    /// <exception cref="System.ArgumentException">An option is out of range, or an address is taken.</exception>
    public Nat64Router(
        string name,
        Network inside,
        Network outside,
        Nat64Prefix prefix,
        NatOptions options,
        params IReadOnlyList<TransportAddress> externalAddresses)
        : base(name, inside, outside, options, externalAddresses)
    {
        Prefix = prefix;
        inside.AddRoute(prefix.Prefix, Inside);
    }

    /// <summary>How IPv4 addresses are written.</summary>
    public Nat64Prefix Prefix { get; }

    private protected override TransportAddress ToOuter(TransportAddress destination) => Prefix.Extract(destination);

    private protected override TransportAddress ToInner(TransportAddress source) => Prefix.Synthesize(source);
}
