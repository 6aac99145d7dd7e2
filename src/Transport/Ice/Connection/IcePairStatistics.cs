using System;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>What a candidate pair has done so far, as it was at one moment. Immutable.</summary>
public sealed record IcePairStatistics
{
    /// <summary>The data stream, counted from 0.</summary>
    public required int Stream { get; init; }

    /// <summary>The local candidate.</summary>
    public required Candidate Local { get; init; }

    /// <summary>The peer's candidate.</summary>
    public required Candidate Remote { get; init; }

    /// <summary>The state of the pair.</summary>
    public required CandidatePairState State { get; init; }

    /// <summary>Whether a check was answered.</summary>
    public bool IsValid { get; init; }

    /// <summary>Whether it is nominated.</summary>
    public bool IsNominated { get; init; }

    /// <summary>The priority of the pair.</summary>
    public ulong Priority { get; init; }

    /// <summary>The last round-trip time; null before the first answer.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Checks sent.</summary>
    public int RequestsSent { get; init; }

    /// <summary>Answers received.</summary>
    public int ResponsesReceived { get; init; }

    /// <summary>Authenticated checks of the peer received.</summary>
    public int RequestsReceived { get; init; }

    internal static IcePairStatistics Of(CandidatePair pair) => new()
    {
        Stream = pair.Stream,
        Local = pair.Local,
        Remote = pair.Remote,
        State = pair.State,
        IsValid = pair.IsValid,
        IsNominated = pair.IsNominated,
        Priority = pair.Priority,
        RoundTripTime = pair.RoundTripTime,
        RequestsSent = pair.RequestsSent,
        ResponsesReceived = pair.ResponsesReceived,
        RequestsReceived = pair.RequestsReceived,
    };
}
