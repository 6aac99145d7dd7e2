namespace Stack.Ice;

/// <summary>The state of a pair in a checklist (RFC 8445 section 6.1.2.6).</summary>
public enum CandidatePairState : byte
{
    /// <summary>Not checked, and held back while a pair of the same foundation is checked.</summary>
    Frozen,

    /// <summary>Not checked yet.</summary>
    Waiting,

    /// <summary>A check is under way.</summary>
    InProgress,

    /// <summary>A check was answered.</summary>
    Succeeded,

    /// <summary>A check was refused, or never answered.</summary>
    Failed,
}
