using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>
/// A NAT by RFC 4787 for UDP and RFC 5382 for TCP, of one address family. NATs nest: put one on the inner network of another for carrier-grade
/// NAT.
/// </summary>
public sealed class NatRouter : TranslatingRouter
{
    /// <summary>Joins two networks; the inner one gets a default route.</summary>
    /// <param name="name">Its name in traces.</param>
    /// <param name="inside">The inner network.</param>
    /// <param name="outside">The outer network.</param>
    /// <param name="options">The behaviour.</param>
    /// <param name="externalAddresses">At least one address on the outer network, all of one family; ports do not count.</param>
    /// <exception cref="ArgumentException">An option is out of range, or an address is taken.</exception>
    public NatRouter(string name, Network inside, Network outside, NatOptions options, params IReadOnlyList<TransportAddress> externalAddresses)
        : base(name, inside, outside, options, externalAddresses)
    {
        inside.AddRoute(Everything(ExternalAddresses[0].Family), Inside);
    }

    private protected override TransportAddress ToOuter(TransportAddress destination) => destination;

    private protected override TransportAddress ToInner(TransportAddress source) => source;
}
