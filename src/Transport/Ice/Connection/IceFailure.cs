namespace Stack.Transport;

/// <summary>Why there is no connection.</summary>
public enum IceFailure
{
    /// <summary>All pairs of candidates failed, and no more can come.</summary>
    NoPath,

    /// <summary>The time to connect has passed.</summary>
    TimedOut,

    /// <summary>The peer refuses the credentials.</summary>
    WrongCredentials,

    /// <summary>The role changed too often.</summary>
    RoleConflict,

    /// <summary>The peer has stopped to consent (RFC 7675).</summary>
    ConsentLost,

    /// <summary>There is no socket left to send from.</summary>
    NoLocalAddress,

    /// <summary>Too many restarts in a minute.</summary>
    TooManyRestarts,
}
