using System;

namespace Stack.Cli;

/// <summary>What a load of allocations consists of.</summary>
internal sealed record AllocationPlan
{
    /// <summary>Allocations, each from a socket of its own.</summary>
    public int Count { get; init; } = 100;

    /// <summary>How many are asked for at a time.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>How long they are held, and kept alive.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>Whether each is refreshed once.</summary>
    public bool Refreshes { get; init; }

    /// <summary>Whether each relays a packet to the next one, the last one to the first.</summary>
    public bool Relays { get; init; }

    /// <summary>How long the server may take after the release until its memory is looked at.</summary>
    public TimeSpan Settle { get; init; }
}
