using System;

namespace Stack.Simulation;

/// <summary>What one direction of a link does to packets. Immutable; replace it on the <see cref="Link"/> to change conditions during a run.</summary>
public sealed record LinkProfile
{
    /// <summary>No latency and no loss, at any rate and size.</summary>
    public static readonly LinkProfile Ideal = new();

    /// <summary>The latency, without the time that <see cref="BitsPerSecond"/> takes; none by default.</summary>
    public LatencyDistribution Latency { get; init; }

    /// <summary>The share of packets that are lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>How many packets in a row are lost in the mean where one is; 1, the default, for losses that know nothing of each other.</summary>
    public double MeanLossBurst { get; init; } = 1;

    /// <summary>The share of packets that arrive twice, 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>The share of packets that are held back and can be overtaken, 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>The longest that a packet is held back; 60 ms by default.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>
    /// Whether a packet waits for those before it where its latency is shorter, as on a real path with jitter; true by default. Those that are held
    /// back or duplicated are not waited for.
    /// </summary>
    public bool KeepsOrder { get; init; } = true;

    /// <summary>The rate, in bits per second, headers included; 0, the default, for no bound.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>How many bytes wait for a slow link at most; 65,536 by default.</summary>
    public int QueueBytes { get; init; } = 65_536;

    /// <summary>The largest IP packet, in bytes, headers included; 0, the default, for no bound.</summary>
    public int Mtu { get; init; }

    /// <summary>What happens to packets above the <see cref="Mtu"/>.</summary>
    public OversizePolicy Oversize { get; init; }

    /// <summary>A clean link of a constant latency.</summary>
    /// <param name="latency">The time one way.</param>
    public static LinkProfile WithLatency(TimeSpan latency) => new() { Latency = LatencyDistribution.Constant(latency) };

    internal bool IsIdeal => this == Ideal;

    internal static void Verify(LinkProfile profile)
    {
        if (!IsShare(profile.Loss) || !IsShare(profile.Duplication) || !IsShare(profile.Reordering))
        {
            throw new ArgumentOutOfRangeException(nameof(profile), profile, "A share is 0 to 1.");
        }

        if (!(profile.MeanLossBurst >= 1) || profile.BitsPerSecond < 0 || profile.QueueBytes < 0 || profile.Mtu < 0 || profile.ReorderDelay < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(profile), profile, "A burst is 1 or more, everything else 0 or more.");
        }
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;
}
