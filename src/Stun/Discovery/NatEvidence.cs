using System;

namespace Stack.Stun;

/// <summary>One probe and what came of it.</summary>
public sealed record NatEvidence
{
    /// <summary>What it was for, such as <c>mapping-2</c> or <c>filtering-change-port</c>.</summary>
    public required string Test { get; init; }

    /// <summary>Where it was sent.</summary>
    public required TransportAddress To { get; init; }

    /// <summary>The flags of its CHANGE-REQUEST; null without one.</summary>
    public ChangeRequestFlags? ChangeRequest { get; init; }

    /// <summary>The mapped address of the response; null without one.</summary>
    public TransportAddress? Mapped { get; init; }

    /// <summary>The round-trip time; null without a response, and where the probe was sent more than once.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>How often it was sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>What came of it.</summary>
    public required NatProbeOutcome Outcome { get; init; }

    /// <summary>The code of an error response; null without one.</summary>
    public StunErrorCode? ErrorCode { get; init; }
}
