using System;
using System.Net;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>What <c>turn</c> is asked to do.</summary>
internal sealed record TurnRequest
{
    public required StunServerReference Server { get; init; }

    public required TurnClientOptions Client { get; init; }

    public required LongTermCredential? Credential { get; init; }

    /// <summary>What the allocations may take, and the wait for the last packet at most.</summary>
    public required TimeSpan Timeout { get; init; }

    public required int Packets { get; init; }

    /// <summary>Bytes of payload in a packet.</summary>
    public required int Size { get; init; }

    /// <summary>Packets a second.</summary>
    public required int Rate { get; init; }

    /// <summary>Whether the user has said that the server may be flooded.</summary>
    public bool OwnsTarget { get; init; }

    /// <summary>Somebody who sends back what comes; null for a second allocation.</summary>
    public IPEndPoint? Peer { get; init; }

    public bool IsTcpRelay { get; init; }

    /// <summary>True for channels from the first packet on, false for none, null for when they pay.</summary>
    public bool? Channels { get; init; }

    public bool IsJson { get; init; }
}
