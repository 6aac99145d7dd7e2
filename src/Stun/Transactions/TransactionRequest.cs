using System;

namespace Stack.Stun;

/// <summary>What a transaction is made of.</summary>
public readonly ref struct TransactionRequest
{
    /// <summary>A well-formed request with the magic cookie; copied.</summary>
    public required ReadOnlySpan<byte> Message { get; init; }

    /// <summary>Where it goes.</summary>
    public required TransportAddress Destination { get; init; }

    /// <summary>Where the response must come from; null for the destination. CHANGE-REQUEST asks for another one.</summary>
    public TransportAddress? ExpectedSource { get; init; }

    /// <summary>Whether the transport is TCP or TLS: sent once, given up after Ti (RFC 8489 section 6.2.2).</summary>
    public bool Reliable { get; init; }

    /// <summary>The credential that the request was protected with; null without one.</summary>
    public IClientCredential? Credential { get; init; }

    /// <summary>A schedule of its own; null for that of the table.</summary>
    public RetransmissionSchedule? Schedule { get; init; }

    /// <summary>Anything of the caller's.</summary>
    public object? Tag { get; init; }
}
