namespace Stack.Ice;

/// <summary>The bounds of an agent. Each default is the safe one; where an RFC gives a figure, it is that.</summary>
public sealed record IceLimits
{
    /// <summary>The defaults.</summary>
    public static readonly IceLimits Default = new();

    /// <summary>Candidate pairs in all checklists (RFC 8445 section 6.1.2.5); 100 by default.</summary>
    public int MaxPairs { get; init; } = 100;

    /// <summary>Local candidates of a component; 32 by default.</summary>
    public int MaxLocalCandidates { get; init; } = 32;

    /// <summary>Remote candidates of a component that the peer signals; 32 by default.</summary>
    public int MaxRemoteCandidates { get; init; } = 32;

    /// <summary>Remote candidates learned from checks, per component; 16 by default.</summary>
    public int MaxPeerReflexive { get; init; } = 16;

    /// <summary>Pairs of a component toward one remote IP address; 8 by default, which bounds what a victim named as a candidate gets.</summary>
    public int MaxPairsPerRemoteAddress { get; init; } = 8;

    /// <summary>Candidates that the peer may signal in a session, wanted or not; 100 by default.</summary>
    public int MaxCandidateMessages { get; init; } = 100;

    /// <summary>Requests to a pair that has never answered; 7 by default, RFC 8489's Rc.</summary>
    public int MaxTransmissions { get; init; } = 7;

    /// <summary>Bytes to addresses that have never answered, in a session; 30 000 by default.</summary>
    public int MaxUnvalidatedBytes { get; init; } = 30_000;

    /// <summary>Checks and candidates that wait for the peer's credentials; 32 by default.</summary>
    public int MaxEarly { get; init; } = 32;

    /// <summary>Role switches in a session; 3 by default.</summary>
    public int MaxRoleSwitches { get; init; } = 3;

    /// <summary>Restarts in a minute; 10 by default.</summary>
    public int MaxRestartsPerMinute { get; init; } = 10;
}
