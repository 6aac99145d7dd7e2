using System;

namespace Stack.Cli;

/// <summary>How much is sent, how fast and for how long.</summary>
internal sealed record LoadPlan
{
    /// <summary>Packets to send; null to go by <see cref="Duration"/>.</summary>
    public long? Count { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the same goes on before anything counts.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Packets a second; null for as fast as <see cref="Window"/> lets.</summary>
    public int? Rate { get; init; }

    /// <summary>Packets under way at a time where there is no rate; 0 for no bound.</summary>
    public int Window { get; init; } = 512;

    /// <summary>Packets in a row of one sender before it is the next one's turn.</summary>
    public int Run { get; init; } = 32;

    /// <summary>Percent of packets that may be lost; null where losses are a figure and no failure.</summary>
    public double? MaxLoss { get; init; }
}
