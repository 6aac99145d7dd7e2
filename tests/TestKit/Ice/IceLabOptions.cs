using System;

namespace Stack.TestKit;

/// <summary>What an <see cref="IceLab"/> is made of.</summary>
public sealed record IceLabOptions
{
    /// <summary>What stands in front of the first client.</summary>
    public NatKind First { get; init; } = NatKind.PortRestricted;

    /// <summary>What stands in front of the second client.</summary>
    public NatKind Second { get; init; } = NatKind.PortRestricted;

    /// <summary>How many of 100 UDP datagrams are lost on the public link of each box, in each direction; a datagram from client to client crosses two
    /// links.</summary>
    public int LossPercent { get; init; }

    /// <summary>The round trip between the clients; that to the server is half as long. Zero is a plain virtual cable.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>How much longer a round trip between the clients may take, at most.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Which addresses the clients have. IPv4 by default: with IPv6, nothing would ever be translated.</summary>
    public LabFamily Family { get; init; } = LabFamily.IPv4;

    /// <summary>Whether both clients have the same private address.</summary>
    public bool OverlappingLans { get; init; }

    /// <summary>Whether coturn runs on the server, port 3478 of 203.0.113.10 and 2001:db8:113::10, UDP and TCP. Otherwise the port is free for another
    /// server.</summary>
    public bool Coturn { get; init; } = true;

    // A packet and its answer cross four links.
    internal NatLabOptions Network => new()
    {
        First = First,
        Second = Second,
        LossPercent = LossPercent,
        LinkDelay = RoundTrip / 4,
        LinkJitter = Jitter / 4,
        Clients = Family,
        OverlappingLans = OverlappingLans,
    };
}
