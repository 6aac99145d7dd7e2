using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>What RFC 5780 section 4 finds behind every kind of NAT of RFC 4787, on a path that loses nothing.</summary>
public sealed class NatDiscoveryClassificationTests
{
    public static TheoryData<NatMapping, NatFiltering, ClassicNatType> Kinds => new()
    {
        { NatMapping.EndpointIndependent, NatFiltering.EndpointIndependent, ClassicNatType.FullCone },
        { NatMapping.EndpointIndependent, NatFiltering.AddressDependent, ClassicNatType.RestrictedCone },
        { NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent, ClassicNatType.PortRestrictedCone },
        { NatMapping.AddressDependent, NatFiltering.EndpointIndependent, ClassicNatType.Symmetric },
        { NatMapping.AddressDependent, NatFiltering.AddressDependent, ClassicNatType.Symmetric },
        { NatMapping.AddressDependent, NatFiltering.AddressAndPortDependent, ClassicNatType.Symmetric },
        { NatMapping.AddressAndPortDependent, NatFiltering.EndpointIndependent, ClassicNatType.Symmetric },
        { NatMapping.AddressAndPortDependent, NatFiltering.AddressDependent, ClassicNatType.Symmetric },
        { NatMapping.AddressAndPortDependent, NatFiltering.AddressAndPortDependent, ClassicNatType.Symmetric },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Discovery_MappingAndFiltering_AreNamedRight(NatMapping mapping, NatFiltering filtering, ClassicNatType classic)
    {
        NatReport report = new DiscoveryScenario { Nat = DiscoveryScenario.Behind(mapping, filtering) }.Run();
        Assert.Equal((mapping, filtering, classic), (report.Mapping, report.Filtering, report.Classic));
        Assert.True(report.Natted);
        Assert.Null(report.MappingNote);
        Assert.Null(report.FilteringNote);
        Assert.False(report.GenericAlg);
        Assert.Equal([DiscoveryScenario.External], report.ExternalAddresses);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Discovery_PortPreservingNat_IsNamedRight(NatMapping mapping, NatFiltering filtering, ClassicNatType classic)
    {
        VirtualNatOptions nat = DiscoveryScenario.Behind(mapping, filtering) with { Ports = PortAllocation.Preserving };
        NatReport report = new DiscoveryScenario { Nat = nat }.Run();
        Assert.Equal((mapping, filtering, classic), (report.Mapping, report.Filtering, report.Classic));
        Assert.True(report.PortPreserving);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Discovery_ClassicServer_IsNamedRight(NatMapping mapping, NatFiltering filtering, ClassicNatType classic)
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = DiscoveryScenario.Behind(mapping, filtering),
            Servers = [ScriptedServers.Classic(DiscoveryScenario.Alternate)],
        }.Run();
        Assert.Equal((mapping, filtering, classic), (report.Mapping, report.Filtering, report.Classic));
        Assert.Null(report.GenericAlg);
    }

    [Theory]
    [InlineData(NatFiltering.EndpointIndependent, ClassicNatType.OpenInternet)]
    [InlineData(NatFiltering.AddressDependent, ClassicNatType.SymmetricFirewall)]
    [InlineData(NatFiltering.AddressAndPortDependent, ClassicNatType.SymmetricFirewall)]
    public void Discovery_NoNat_IsOpenOrFirewalled(NatFiltering filtering, ClassicNatType classic)
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = DiscoveryScenario.Unnatted(filtering),
            LocalAddress = DiscoveryScenario.Address("203.0.113.5:0"),
        }.Run();
        Assert.Equal((false, NatMapping.EndpointIndependent, filtering, classic), (report.Natted, report.Mapping, report.Filtering, report.Classic));
        Assert.Null(report.Hairpinning);
        Assert.Equal(report.Local, report.Mapped);
    }

    [Fact]
    public void Discovery_UdpBlocked_SaysSo()
    {
        NatReport report = new DiscoveryScenario { Nat = DiscoveryScenario.Unnatted(NatFiltering.EndpointIndependent) with { PassesUdp = false } }
            .Run(out NatDiscoveryRun run);
        Assert.Equal(ClassicNatType.UdpBlocked, report.Classic);
        Assert.Equal((NatMapping.Unknown, NatFiltering.Unknown), (report.Mapping, report.Filtering));
        Assert.Equal("no server answered over UDP", report.MappingNote);
        Assert.Null(report.Natted);
        Assert.Null(report.Local);
        Assert.Equal(7, run.Transmits.Count);
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(39500), run.Now.SinceOrigin);
    }

    [Theory]
    [InlineData(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent, ClassicNatType.PortRestrictedCone)]
    [InlineData(NatMapping.AddressDependent, NatFiltering.AddressDependent, ClassicNatType.Symmetric)]
    [InlineData(NatMapping.AddressAndPortDependent, NatFiltering.EndpointIndependent, ClassicNatType.Symmetric)]
    public void Discovery_IPv6Nat_IsNamedRight(NatMapping mapping, NatFiltering filtering, ClassicNatType classic)
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = DiscoveryScenario.Behind(mapping, filtering) with
            {
                ExternalAddresses = [DiscoveryScenario.Address("[2001:db8:1::7]:0")],
                Hairpinning = true,
            },
            Servers =
            [
                new BindingVirtualServer(new AlternateAddresses(
                    DiscoveryScenario.Address("[2001:db8:2::10]:3478"),
                    DiscoveryScenario.Address("[2001:db8:2::20]:3479"))),
            ],
            LocalAddress = DiscoveryScenario.Address("[fd00::2]:0"),
        }.Run();
        Assert.Equal((mapping, filtering, classic), (report.Mapping, report.Filtering, report.Classic));
    }

    [Theory]
    [InlineData(NatFiltering.EndpointIndependent)]
    [InlineData(NatFiltering.AddressDependent)]
    [InlineData(NatFiltering.AddressAndPortDependent)]
    public void Discovery_HairpinningNat_IsFoundThroughEveryFilter(NatFiltering filtering)
    {
        VirtualNatOptions nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, filtering) with { Hairpinning = true };
        Assert.True(new DiscoveryScenario { Nat = nat }.Run().Hairpinning);
        Assert.False(new DiscoveryScenario { Nat = nat with { Hairpinning = false } }.Run().Hairpinning);
    }

    [Theory]
    [InlineData(PortAllocation.Preserving, true, true)]
    [InlineData(PortAllocation.Parity, false, true)]
    [InlineData(PortAllocation.Random, false, false)]
    public void Discovery_PortAllocation_IsFound(PortAllocation ports, bool preserving, bool parity)
    {
        // The seed draws a random port of the other parity for one of the five sockets.
        VirtualNatOptions nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) with { Ports = ports };
        NatReport report = new DiscoveryScenario { Nat = nat }.Run();
        Assert.Equal((preserving, parity), (report.PortPreserving, report.PortParity));
    }

    [Fact]
    public void Discovery_PoolOfAddresses_ListsThem()
    {
        VirtualNatOptions nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) with
        {
            ExternalAddresses = [DiscoveryScenario.External, DiscoveryScenario.Address("198.51.100.8:0")],
            PairedAddresses = false,
        };
        NatReport report = new DiscoveryScenario { Nat = nat }.Run();
        Assert.Equal((NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent), (report.Mapping, report.Filtering));
        Assert.Equal(2, report.ExternalAddresses.Count);
        Assert.Single(new DiscoveryScenario { Nat = nat with { PairedAddresses = true } }.Run().ExternalAddresses);
    }

    [Fact]
    public void Discovery_PayloadRewritingNat_IsAGenericAlg()
    {
        VirtualNatOptions nat = DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.EndpointIndependent) with { RewritesPayload = true };
        NatReport report = new DiscoveryScenario { Nat = nat }.Run();
        Assert.True(report.GenericAlg);
        Assert.Equal(ClassicNatType.FullCone, report.Classic);
    }
}
