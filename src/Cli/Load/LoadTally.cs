using System;

namespace Stack.Cli;

/// <summary>What a run has sent and got back. Warm-up does not count.</summary>
internal sealed class LoadTally
{
    public long Sent { get; set; }

    public long Received { get; set; }

    /// <summary>Datagrams that came with a byte changed, in the wrong place, or that nobody has sent.</summary>
    public long Corrupted { get; set; }

    /// <summary>Packets that came more than once.</summary>
    public long Duplicates { get; set; }

    /// <summary>Datagrams that the system refused to send; they count as sent and lost.</summary>
    public long Unsent { get; set; }

    /// <summary>From the first packet to the last arrival.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>From the first packet to the last one sent.</summary>
    public TimeSpan Sending { get; set; }

    /// <summary>The processor time of the server's process meanwhile; null where nobody has asked.</summary>
    public TimeSpan? ServerTime { get; set; }

    public LatencyHistogram RoundTrips { get; } = new();

    public double LostPercent => Sent == 0 ? 0 : 100.0 * Math.Max(0, Sent - Received) / Sent;

    public double PerSecond => Elapsed <= TimeSpan.Zero ? 0 : Received / Elapsed.TotalSeconds;

    /// <summary>What was sent in a second, while it was sent.</summary>
    public double SentPerSecond => Sending <= TimeSpan.Zero ? 0 : Sent / Sending.TotalSeconds;

    public double? ServerMicrosecondsPerPacket => ServerTime is { } time && Received != 0 ? time.TotalMicroseconds / Received : null;
}
