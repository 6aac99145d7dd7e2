using System;
using System.Collections.Generic;
using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>A client host at 10.0.0.2 (or a public one), a NAT, and servers; one run in virtual time.</summary>
internal sealed class DiscoveryScenario
{
    public static readonly TransportAddress Host = Address("10.0.0.2:0");
    public static readonly TransportAddress External = Address("198.51.100.7:0");
    public static readonly AlternateAddresses Alternate = new(Address("192.0.2.10:3478"), Address("192.0.2.20:3479"));

    public VirtualNatOptions Nat { get; init; } = new() { ExternalAddresses = [External] };

    public LinkConditions Link { get; init; } = LinkConditions.Clean;

    public IReadOnlyList<VirtualServer> Servers { get; init; } = [new BindingVirtualServer(Alternate)];

    /// <summary>Whom the discovery asks; by default the first endpoint of each server.</summary>
    public IReadOnlyList<TransportAddress>? Asked { get; init; }

    public NatDiscoveryOptions? Options { get; init; }

    public TransportAddress LocalAddress { get; init; } = Host;

    public ulong Seed { get; init; } = 1;

    public Instant? StopAt { get; init; }

    public static VirtualNatOptions Behind(NatMapping mapping, NatFiltering filtering) => new()
    {
        Mapping = mapping,
        Filtering = filtering,
        ExternalAddresses = [External],
    };

    public static VirtualNatOptions Unnatted(NatFiltering filtering)
        => new() { Translates = false, Filtering = filtering, ExternalAddresses = [] };

    public static TransportAddress Address(string text)
        => TransportAddress.TryParse(text, out TransportAddress address) ? address : throw new ArgumentException(text, nameof(text));

    public NatReport Run(out NatDiscoveryRun run)
    {
        var nat = new VirtualNat(Nat, new SeededRandom(Seed * 4));
        var internet = new VirtualInternet(nat, Link, new SeededRandom((Seed * 4) + 1), Servers);
        using var ids = new SeededRandom((Seed * 4) + 2);
        var asked = new List<TransportAddress>();
        foreach (VirtualServer server in Servers)
        {
            asked.Add(server.Endpoints[0]);
        }

        var discovery = new NatDiscovery(Asked ?? asked, ids, Options);
        run = new NatDiscoveryRun(discovery, internet, LocalAddress, new SeededRandom((Seed * 4) + 3));
        return run.Run(Instant.Zero + TimeSpan.FromHours(1), StopAt);
    }

    public NatReport Run() => Run(out _);
}
