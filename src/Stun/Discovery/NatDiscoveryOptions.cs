using System;

namespace Stack.Stun;

/// <summary>How NAT behaviour discovery probes.</summary>
public sealed record NatDiscoveryOptions
{
    /// <summary>
    /// The schedule of each probe. By default 7 requests, the RTO from the measured round-trip time but at least 100 ms: a probe that nothing
    /// answers takes 8 seconds on a short path, and a loss of 20 % each way loses fewer than one probe in a thousand.
    /// </summary>
    public RetransmissionSchedule Schedule { get; init; } = new() { MinMeasuredRto = TimeSpan.FromMilliseconds(100) };

    /// <summary>The schedule of probes between two of our own sockets, which lose nothing on the internet; 5 requests by default.</summary>
    public RetransmissionSchedule HairpinningSchedule { get; init; } = new()
    {
        InitialRto = TimeSpan.FromMilliseconds(150),
        MaxRequests = 5,
        FinalWaitFactor = 4,
    };

    /// <summary>The time between two new transactions; RFC 5780 section 5 asks for no more than ten a second.</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the binding lifetime is measured, which takes up to three times <see cref="MaxLifetime"/>; not by default.</summary>
    public bool MeasureLifetime { get; init; }

    /// <summary>The longest idle time that is tried; 320 s by default. RFC 4787 section 4.3 asks NATs for at least 120 s.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromSeconds(320);
}
