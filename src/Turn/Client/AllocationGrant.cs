using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What a server has granted (RFC 8656 section 7.3). Immutable.</summary>
public sealed record AllocationGrant
{
    /// <summary>The relayed address that was asked for; of a dual allocation the IPv4 one, where the server granted it.</summary>
    public required TransportAddress Relayed { get; init; }

    /// <summary>The relayed IPv6 address of a dual allocation; null without one.</summary>
    public TransportAddress? AdditionalRelayed { get; init; }

    /// <summary>The client's address as the server sees it; null where the server does not say.</summary>
    public TransportAddress? Mapped { get; init; }

    /// <summary>The lifetime; above zero and at most an hour.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The token of the reserved next port; null without a reservation.</summary>
    public ReservationToken? ReservationToken { get; init; }

    /// <summary>The family of a dual allocation that the server did not grant; None where it granted what was asked for.</summary>
    public StunAddressFamily RefusedFamily { get; init; }

    /// <summary>Why <see cref="RefusedFamily"/> was not granted: 440 is final, after 508 a client waits a minute (RFC 8656 section 7.3).</summary>
    public StunErrorCode? RefusedFamilyCode { get; init; }

    /// <summary>Whether peers of a family can be reached.</summary>
    /// <param name="family">The family.</param>
    public bool Covers(StunAddressFamily family) => Relayed.Family == family || AdditionalRelayed?.Family == family;
}
