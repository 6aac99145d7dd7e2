namespace Stack.Transport;

/// <summary>What an <see cref="IceSignal"/> tells the peer.</summary>
public enum IceSignalKind
{
    /// <summary>The credentials of a session; other ones than before mean a restart.</summary>
    Credentials,

    /// <summary>One candidate.</summary>
    Candidate,

    /// <summary>No candidates follow (RFC 8838 section 14).</summary>
    EndOfCandidates,

    /// <summary>All of it at once: credentials, candidates, and that there are no more.</summary>
    Description,
}
