using Stack.Ice;

namespace Stack.Simulation;

/// <summary>What one agent tells the other: parameters, a candidate, or that no more candidates follow. Which one, says what is not null.</summary>
public sealed record VirtualSignal
{
    /// <summary>The parameters; null for another signal.</summary>
    public IceParameters? Parameters { get; init; }

    /// <summary>The data stream of the candidate, counted from 0.</summary>
    public int Stream { get; init; }

    /// <summary>The candidate; null for another signal.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>Whether it is the end of candidates.</summary>
    public bool IsEnd => Parameters is null && Candidate is null;
}
