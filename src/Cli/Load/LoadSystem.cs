using System.Net;

namespace Stack.Cli;

/// <summary>How a load generator uses the sockets of the system.</summary>
internal sealed record LoadSystem
{
    /// <summary>Whether to use portable sockets also where there are faster ones.</summary>
    public bool IsPortable { get; init; }

    /// <summary>Whether packets of one run leave as segments of one message (UDP_SEGMENT); otherwise each is a message of its own.</summary>
    public bool IsSegmented { get; init; }

    /// <summary>
    /// Whether packets may come as one message (UDP_GRO). It spares a server that segments the cutting, which elsewhere its own network has to do; so not
    /// by default.
    /// </summary>
    public bool IsCoalesced { get; init; }

    /// <summary>The local address of clients and sources; null for what the routing table says.</summary>
    public IPAddress? Local { get; init; }
}
