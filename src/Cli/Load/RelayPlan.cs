using System.Net;

namespace Stack.Cli;

/// <summary>What a load on a relay consists of.</summary>
internal sealed record RelayPlan
{
    public required LoadPlan Load { get; init; }

    /// <summary>Allocations, each with a socket of its own.</summary>
    public int Clients { get; init; } = 8;

    /// <summary>Peers' sockets, which the allocations share in turn; null for one each.</summary>
    public int? Peers { get; init; }

    /// <summary>The address of the peers; null for that of the clients.</summary>
    public IPAddress? PeerAddress { get; init; }

    public RelayDirection Direction { get; init; }

    /// <summary>Bytes of payload in a packet.</summary>
    public int Size { get; init; } = 172;

    /// <summary>Whether Send and Data indications carry the payload, not ChannelData.</summary>
    public bool UsesIndications { get; init; }

    /// <summary>Clients in set-up at a time.</summary>
    public int Concurrency { get; init; } = 16;
}
