using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The behaviour of a NAT in the words of RFC 4787 and RFC 5382. The defaults are a good home router's: port-restricted, port-preserving.</summary>
public sealed record NatOptions
{
    /// <summary>Mapping and filtering independent of endpoints: a "full cone".</summary>
    public static readonly NatOptions FullCone = new() { Filtering = NatFiltering.EndpointIndependent };

    /// <summary>Filtering by address: an "address-restricted cone".</summary>
    public static readonly NatOptions AddressRestricted = new() { Filtering = NatFiltering.AddressDependent };

    /// <summary>Filtering by address and port: a "port-restricted cone".</summary>
    public static readonly NatOptions PortRestricted = new();

    /// <summary>Another random port for every destination: "symmetric".</summary>
    public static readonly NatOptions Symmetric = new() { Mapping = NatMapping.AddressAndPortDependent, Ports = NatPortAllocation.Random };

    /// <summary>When a mapping is used again (RFC 4787 section 4.1).</summary>
    public NatMapping Mapping { get; init; } = NatMapping.EndpointIndependent;

    /// <summary>Whose packets a mapping lets in (RFC 4787 section 5).</summary>
    public NatFiltering Filtering { get; init; } = NatFiltering.AddressAndPortDependent;

    /// <summary>How external ports are chosen (RFC 4787 section 4.2).</summary>
    public NatPortAllocation Ports { get; init; } = NatPortAllocation.Preserving;

    /// <summary>What is done with packets from inside to external endpoints (RFC 4787 section 6); dropped by default.</summary>
    public NatHairpinning Hairpinning { get; init; }

    /// <summary>Whether an internal address keeps its external one ("paired"), or every mapping gets any (RFC 4787 section 4.1).</summary>
    public bool PairsAddresses { get; init; } = true;

    /// <summary>The least external port; 1024 by default.</summary>
    public int FirstPort { get; init; } = 1024;

    /// <summary>The last external port, inclusive; 65535 by default.</summary>
    public int LastPort { get; init; } = 65535;

    /// <summary>How long an idle UDP mapping lives; 5 minutes by default, as RFC 4787 section 4.3 recommends.</summary>
    public TimeSpan UdpTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an idle TCP mapping lives; 2 h 4 min by default (RFC 5382 section 5).</summary>
    public TimeSpan TcpTimeout { get; init; } = TimeSpan.FromMinutes(124);

    /// <summary>How long a TCP mapping lives before the handshake, and after a FIN or RST; 4 minutes by default (RFC 5382 section 5).</summary>
    public TimeSpan TcpTransitoryTimeout { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Whether packets from outside keep a mapping alive too (RFC 4787 section 4.3); not by default.</summary>
    public bool RefreshesOnInbound { get; init; }

    /// <summary>How many mappings there can be; 65,536 by default.</summary>
    public int MaxMappings { get; init; } = 65_536;

    /// <summary>Whether a TCP SYN that no mapping lets in is answered with RST; by default it is dropped, as RFC 5382 section 4.3 prefers.</summary>
    public bool RejectsConnections { get; init; }

    /// <summary>Whether the external endpoint is replaced wherever it stands inside UDP packets, as careless application gateways do.</summary>
    public bool RewritesPayload { get; init; }

    internal static void Verify(NatOptions options)
    {
        if (options.Mapping == NatMapping.Unknown || options.Filtering == NatFiltering.Unknown)
        {
            throw new ArgumentException("A NAT has a mapping and a filtering behaviour.", nameof(options));
        }

        if (options.FirstPort < 1 || options.LastPort > 65535 || options.LastPort - options.FirstPort < 1 || options.MaxMappings < 1)
        {
            throw new ArgumentException("A NAT has at least two of the ports 1 to 65535, and room for a mapping.", nameof(options));
        }
    }
}
