using System;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>
/// RFC 4787 sections 4 to 6: every mapping with every filtering, port allocation and hairpinning, looked at packet by packet, and by the product's
/// NAT discovery with a Binding server of two addresses.
/// </summary>
public sealed class NatMatrixTests
{
    private static readonly TransportAddress Inside = At("192.168.1.2:5000");
    private static readonly string[] Servers = ["198.51.100.1:7000", "198.51.100.1:7001", "198.51.100.2:7000", "198.51.100.2:7001"];

    public static TheoryData<NatMapping, NatFiltering, NatPortAllocation, NatHairpinning> All
    {
        get
        {
            var all = new TheoryData<NatMapping, NatFiltering, NatPortAllocation, NatHairpinning>();
            foreach (NatMapping mapping in (NatMapping[])[NatMapping.EndpointIndependent, NatMapping.AddressDependent, NatMapping.AddressAndPortDependent])
            {
                foreach (NatFiltering filtering in
                    (NatFiltering[])[NatFiltering.EndpointIndependent, NatFiltering.AddressDependent, NatFiltering.AddressAndPortDependent])
                {
                    foreach (NatPortAllocation ports in Enum.GetValues<NatPortAllocation>())
                    {
                        foreach (NatHairpinning hairpinning in Enum.GetValues<NatHairpinning>())
                        {
                            all.Add(mapping, filtering, ports, hairpinning);
                        }
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nat_ByDiscovery_IsWhatItShallBe(NatMapping mapping, NatFiltering filtering, NatPortAllocation ports, NatHairpinning hairpinning)
    {
        var simulator = new Simulator(1);
        (VirtualHost host, NatRouter nat) = simulator.NattedHost("a", Options(mapping, filtering, ports, hairpinning), outside: "203.0.113.1");
        nat.Outside.Link.Both = LinkProfile.WithLatency(Ms(10));
        VirtualHost stun = simulator.PublicHost("stun", "198.51.100.1", "198.51.100.2");
        using var server = new VirtualStunServer(stun, new AlternateAddresses(At("198.51.100.1:3478"), At("198.51.100.2:3479")));

        NatReport report = NatDiscoveryProgram.Run(host, At("192.168.1.2"), At("198.51.100.1:3478"));
        Assert.Equal((mapping, filtering), (report.Mapping, report.Filtering));
        Assert.True(report.Natted);
        Assert.Equal([At("203.0.113.1")], report.ExternalAddresses);
        Assert.False(report.GenericAlg);


        // Where both depend on the endpoint, a packet that turns back comes from a mapping that the other one has never sent to.
        bool meets = mapping == NatMapping.EndpointIndependent || filtering == NatFiltering.EndpointIndependent;
        Assert.Equal(hairpinning != NatHairpinning.None && meets, report.Hairpinning);
        bool keeps = ports == NatPortAllocation.Preserving && mapping == NatMapping.EndpointIndependent;
        Assert.True(keeps ? report.PortPreserving == true : report.PortPreserving == (ports == NatPortAllocation.Preserving));
        if (ports == NatPortAllocation.Parity)
        {
            Assert.NotEqual(false, report.PortParity);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nat_PacketByPacket_IsWhatItShallBe(NatMapping mapping, NatFiltering filtering, NatPortAllocation ports, NatHairpinning hairpinning)
    {
        var simulator = new Simulator(2);
        (VirtualHost host, NatRouter nat) = simulator.NattedHost("a", Options(mapping, filtering, ports, hairpinning), outside: "203.0.113.1");
        VirtualHost outside = simulator.PublicHost("b", "198.51.100.1", "198.51.100.2");
        VirtualSocket[] servers = [.. Servers.Select(server => outside.BindUdp(At(server)))];
        using VirtualSocket socket = host.BindUdp(Inside);

        var seen = new TransportAddress[servers.Length];
        for (int i = 0; i < servers.Length; i++)
        {
            socket.Send(servers[i].Local, "x");
            simulator.RunFor(Ms(1));
            seen[i] = Assert.Single(servers[i].Take()).From;
            Assert.True(seen[i].HasSameAddress(At("203.0.113.1")));
            Assert.Equal(seen[i], nat.FindMapping(Inside, servers[i].Local));
        }

        // RFC 4787 section 4.1: which destinations share a mapping.
        int expected = mapping switch
        {
            NatMapping.EndpointIndependent => 1,
            NatMapping.AddressDependent => 2,
            _ => 4,
        };
        Assert.Equal(expected, seen.Distinct().Count());
        Assert.Equal(mapping == NatMapping.AddressAndPortDependent, seen[0] != seen[1]);
        Assert.Equal(expected, nat.MappingsMade);

        // Section 4.2: the port.
        switch (ports)
        {
            case NatPortAllocation.Preserving:
                Assert.Equal(Inside.Port, seen[0].Port);
                break;
            case NatPortAllocation.Parity:
                Assert.All(seen, static port => Assert.Equal(Inside.Port % 2, port.Port % 2));
                break;
            case NatPortAllocation.Sequential:
                Assert.Equal(Enumerable.Range(1024, expected), seen.Select(static port => port.Port).Distinct());
                break;
        }

        AssertFiltering(simulator, outside, host, filtering);
    }

    // RFC 4787 section 5: who is let in by the mapping of a fresh socket that has sent to one endpoint.
    private static void AssertFiltering(Simulator simulator, VirtualHost outside, VirtualHost host, NatFiltering filtering)
    {
        using VirtualSocket fresh = host.BindUdp(At("192.168.1.2:6000"));
        using VirtualSocket contact = outside.BindUdp(At("198.51.100.1:8000"));
        using VirtualSocket sameAddress = outside.BindUdp(At("198.51.100.1:8001"));
        using VirtualSocket other = outside.BindUdp(At("198.51.100.2:8000"));
        fresh.Send(contact.Local, "x");
        simulator.RunFor(Ms(1));
        TransportAddress external = Assert.Single(contact.Take()).From;
        contact.Send(external, "endpoint");
        sameAddress.Send(external, "address");
        other.Send(external, "anybody");
        simulator.RunFor(Ms(1));
        string[] expected = filtering switch
        {
            NatFiltering.EndpointIndependent => ["endpoint", "address", "anybody"],
            NatFiltering.AddressDependent => ["endpoint", "address"],
            _ => ["endpoint"],
        };
        Assert.Equal(expected, fresh.Take().Select(static one => one.Text));
        Assert.Equal(3 - expected.Length, simulator.CountOf(PacketFate.Filtered));
    }

    private static NatOptions Options(NatMapping mapping, NatFiltering filtering, NatPortAllocation ports, NatHairpinning hairpinning)
        => new() { Mapping = mapping, Filtering = filtering, Ports = ports, Hairpinning = hairpinning };
}
