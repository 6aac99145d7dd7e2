using System;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>A WebSocket that wants to be opened.</summary>
public readonly record struct ConnectRequest
{
    /// <summary>The path of the request, percent-encoded as it stands in the request line, from the slash on.</summary>
    public required string Path { get; init; }

    /// <summary>The query of the request as it stands there, with or without its question mark; empty where there is none.</summary>
    public string Query { get; init; }

    /// <summary>Where it comes from: limits per address count by this (IPv6: by the first 64 bits).</summary>
    public TransportAddress Remote { get; init; }

    /// <summary>The <c>User-Agent</c> of the request; empty where there is none.</summary>
    public string UserAgent { get; init; }

    /// <summary>The time by the wall clock. It is only shown, nothing is measured by it.</summary>
    public DateTimeOffset Time { get; init; }
}
