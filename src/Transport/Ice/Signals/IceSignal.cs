using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>What one peer tells the other, over any channel that keeps the order. Immutable; as one line of JSON both ways.</summary>
/// <remarks>
/// <code>
/// {"ufrag":"x","pwd":"y","options":["ice2","trickle"]}                         credentials
/// {"candidate":"candidate:...","stream":0,"ufrag":"x"}                         a candidate
/// {"candidate":"","ufrag":"x"}                                                 the end of candidates
/// {"ufrag":"x","pwd":"y","options":["ice2"],"candidates":["candidate:..."]}    a description; an array of arrays for several streams
/// </code>
/// In place of <c>stream</c> and the fragment in <c>ufrag</c> the names that browsers use are read too: <c>sdpMLineIndex</c> and
/// <c>usernameFragment</c>.
/// </remarks>
public sealed record IceSignal
{
    private IceSignal(IceSignalKind kind) => Kind = kind;

    /// <summary>What it is. Which members count depends on it.</summary>
    public IceSignalKind Kind { get; }

    /// <summary>The parameters of the session, of credentials and descriptions; null otherwise.</summary>
    public IceParameters? Parameters { get; private init; }

    /// <summary>The candidates with their streams; one of a candidate, any number of a description, none otherwise.</summary>
    public IReadOnlyList<IceSignaledCandidate> Candidates { get; private init; } = [];

    /// <summary>The candidates of a description that was read which are malformed, or of no known form, and so were left out; the first 100 of them.</summary>
    public IReadOnlyList<IceRefusedCandidate> RefusedCandidates { get; private init; } = [];

    /// <summary>The username fragment of the session that candidates belong to; null where it is not told.</summary>
    public string? UsernameFragment { get; private init; }

    /// <summary>Tells credentials.</summary>
    /// <param name="parameters">The parameters.</param>
    public static IceSignal FromParameters(IceParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new IceSignal(IceSignalKind.Credentials) { Parameters = parameters, UsernameFragment = parameters.Credentials.UsernameFragment };
    }

    /// <summary>Tells a candidate.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="stream">Its data stream, counted from 0.</param>
    /// <param name="usernameFragment">The session it belongs to; null for not telling.</param>
    public static IceSignal FromCandidate(Candidate candidate, int stream = 0, string? usernameFragment = null)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        return new IceSignal(IceSignalKind.Candidate) { Candidates = [new(stream, candidate)], UsernameFragment = usernameFragment };
    }

    /// <summary>Tells that no candidates follow.</summary>
    /// <param name="usernameFragment">The session it is about; null for not telling.</param>
    public static IceSignal EndOfCandidates(string? usernameFragment = null)
        => new(IceSignalKind.EndOfCandidates) { UsernameFragment = usernameFragment };

    /// <summary>Tells all at once.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="candidates">All candidates.</param>
    public static IceSignal Describe(IceParameters parameters, IReadOnlyList<IceSignaledCandidate> candidates) => Describe(parameters, candidates, []);

    internal static IceSignal Describe(IceParameters parameters, IReadOnlyList<IceSignaledCandidate> candidates, IReadOnlyList<IceRefusedCandidate> refused)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(candidates);
        return new IceSignal(IceSignalKind.Description)
        {
            Parameters = parameters,
            Candidates = candidates,
            RefusedCandidates = refused,
            UsernameFragment = parameters.Credentials.UsernameFragment,
        };
    }

    /// <summary>Reads a signal that must be right.</summary>
    /// <param name="json">One JSON object, at most 64 KiB.</param>
    /// <exception cref="FormatException">It is not; the message says what is wrong and where.</exception>
    public static IceSignal Parse(string json)
        => TryParse(json, out IceSignal? signal, out string? problem) ? signal : throw new FormatException(problem);

    /// <summary>Reads a signal. Candidates of a description that are of no known form are left out, since their peer has others.</summary>
    /// <param name="json">One JSON object, at most 64 KiB.</param>
    /// <param name="signal">The signal; null on failure.</param>
    /// <param name="problem">What is wrong and where, for people; null on success. It repeats nothing of the text.</param>
    public static bool TryParse(string json, [NotNullWhen(true)] out IceSignal? signal, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(json);
        return IceSignalReader.TryRead(json, out signal, out problem);
    }

    /// <summary>Writes the signal as one line.</summary>
    public string ToJson() => IceSignalWriter.Write(this);
}
