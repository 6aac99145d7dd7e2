using Stack.Ice;

namespace Stack.Transport;

/// <summary>A candidate and where it belongs.</summary>
/// <param name="Stream">The data stream, counted from 0.</param>
/// <param name="Candidate">The candidate.</param>
public readonly record struct IceSignaledCandidate(int Stream, Candidate Candidate);
