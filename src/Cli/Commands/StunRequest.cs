using System;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>What <c>stun</c> is asked to do.</summary>
internal sealed record StunRequest
{
    public required StunServerReference Server { get; init; }

    public required StunClientOptions Client { get; init; }

    /// <summary>All that a single test may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many probes; null without --count.</summary>
    public int? Count { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public bool IsWatching { get; init; }

    public bool IsQuiet { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Whether there is one probe, sent again on schedule, and not a series in which each is sent once.</summary>
    public bool IsSingle => Count is null && !IsWatching;
}
