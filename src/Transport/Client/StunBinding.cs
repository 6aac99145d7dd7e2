using System;
using System.Net;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>What a Binding request has shown.</summary>
public sealed record StunBinding
{
    /// <summary>The address and port that the server saw the request come from.</summary>
    public required IPEndPoint Mapped { get; init; }

    /// <summary>The local address and port of the socket.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>The server that answered.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The transport.</summary>
    public required StunTransport Transport { get; init; }

    /// <summary>Whether something between client and server translates addresses.</summary>
    public bool IsNatted => !Mapped.Equals(Local);

    /// <summary>The round-trip time; null where the request was sent more than once (Karn's algorithm, RFC 8489 section 6.2.1).</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The time from the first request to the answer, retransmissions included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How often the request was sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>The server's SOFTWARE as it sent it; null without. Escape it before it reaches a terminal or a log.</summary>
    public string? Software { get; init; }

    /// <summary>The server's other address and port (RFC 5780 OTHER-ADDRESS, RFC 3489 CHANGED-ADDRESS); null without.</summary>
    public IPEndPoint? Other { get; init; }
}
