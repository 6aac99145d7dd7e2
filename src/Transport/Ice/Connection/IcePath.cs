using System;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>The way that data of a component goes, as it was at one moment. Immutable.</summary>
public sealed record IcePath
{
    /// <summary>The data stream, counted from 0.</summary>
    public required int Stream { get; init; }

    /// <summary>The component, counted from 1.</summary>
    public required int ComponentId { get; init; }

    /// <summary>Our end, as the peer sees it.</summary>
    public required Candidate Local { get; init; }

    /// <summary>The peer's end.</summary>
    public required Candidate Remote { get; init; }

    /// <summary>The last round-trip time that was measured; null before there is one.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Whether data goes through a TURN server, ours or the peer's, as far as is known.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>Both ends.</summary>
    public override string ToString() => $"{Local.Type} {Local.Address} - {Remote.Type} {Remote.Address}";

    internal static IcePath Of(CandidatePair pair) => new()
    {
        Stream = pair.Stream,
        ComponentId = pair.ComponentId,
        Local = pair.Local,
        Remote = pair.Remote,
        IsRelayed = pair.IsRelayed,
        RoundTripTime = pair.RoundTripTime,
    };
}
