using System;

namespace Stack.TestKit;

/// <summary>What the internet between the NAT and the servers does to datagrams, in each direction.</summary>
public sealed record LinkConditions
{
    /// <summary>A path of 20 ms each way that loses nothing.</summary>
    public static readonly LinkConditions Clean = new();

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>The share of datagrams that are held back for up to <see cref="ReorderDelay"/>.</summary>
    public double Reordering { get; init; }

    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(60);

    public TimeSpan MinLatency { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan MaxLatency { get; init; } = TimeSpan.FromMilliseconds(20);
}
