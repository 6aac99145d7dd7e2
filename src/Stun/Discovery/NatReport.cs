using System;
using System.Collections.Generic;

namespace Stack.Stun;

/// <summary>
/// What NAT behaviour discovery has found (RFC 5780 section 4): the behaviour at this moment, which can become more restrictive at any time.
/// Nothing is guessed: what the server could not show is unknown, and the note beside it says why.
/// </summary>
public sealed record NatReport
{
    /// <summary>The mapping behaviour.</summary>
    public NatMapping Mapping { get; init; }

    /// <summary>Why the mapping is unknown; null where it is known.</summary>
    public string? MappingNote { get; init; }

    /// <summary>The filtering behaviour.</summary>
    public NatFiltering Filtering { get; init; }

    /// <summary>Why the filtering is unknown; null where it is known.</summary>
    public string? FilteringNote { get; init; }

    /// <summary>Whether the mapped address differs from the local one; null where no server answered.</summary>
    public bool? Natted { get; init; }

    /// <summary>The classic name.</summary>
    public ClassicNatType Classic { get; init; }

    /// <summary>Whether two sockets behind the NAT reach each other by their mapped addresses; null where there is no NAT or no result.</summary>
    public bool? Hairpinning { get; init; }

    /// <summary>Whether the mapped ports are the local ones; null where no server answered.</summary>
    public bool? PortPreserving { get; init; }

    /// <summary>Whether even local ports get even mapped ones, and odd get odd (RFC 4787 section 4.2.2); null with too few samples.</summary>
    public bool? PortParity { get; init; }

    /// <summary>Whether something on the path rewrites addresses inside packets (RFC 5780 section 3.6); null where no server shows it.</summary>
    public bool? GenericAlg { get; init; }

    /// <summary>The local endpoint of the first probe; null where no server answered.</summary>
    public TransportAddress? Local { get; init; }

    /// <summary>The mapped endpoint of the first probe; null where no server answered.</summary>
    public TransportAddress? Mapped { get; init; }

    /// <summary>All external addresses that were seen, their ports set to 0. More than one: a NAT with a pool.</summary>
    public IReadOnlyList<TransportAddress> ExternalAddresses { get; init; } = [];

    /// <summary>The longest idle time that a binding is known to have lived; null where it was not measured.</summary>
    public TimeSpan? LifetimeAtLeast { get; init; }

    /// <summary>The shortest idle time that a binding is known not to have lived; null where none was found within the bound.</summary>
    public TimeSpan? LifetimeBelow { get; init; }

    /// <summary>Why the lifetime is not known, or not both of its bounds; null otherwise.</summary>
    public string? LifetimeNote { get; init; }

    /// <summary>All probes in the order of their end.</summary>
    public IReadOnlyList<NatEvidence> Evidence { get; init; } = [];
}
