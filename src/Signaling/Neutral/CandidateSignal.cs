namespace Stack.Signaling;

/// <summary>A candidate for a peer, or that there are no more.</summary>
/// <param name="Candidate">The candidate.</param>
public sealed record CandidateSignal(PeerCandidate Candidate) : PeerSignal;
