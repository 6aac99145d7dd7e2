namespace Stack.Fuzz.Sessions;

/// <summary>What happens to a session that goes on.</summary>
public enum DisturbanceKind
{
    /// <summary>One agent restarts.</summary>
    Restart,

    /// <summary>Both restart at the same time.</summary>
    RestartBoth,

    /// <summary>The interface goes away, and another address comes.</summary>
    Renumber,

    /// <summary>An interface comes.</summary>
    InterfaceAdded,

    /// <summary>The NAT gives every mapping another port.</summary>
    Rebind,

    /// <summary>The NAT forgets its mappings.</summary>
    Flush,

    /// <summary>The host's clock leaps.</summary>
    ClockJump,

    /// <summary>The host sleeps.</summary>
    Suspend,

    /// <summary>The link is cut, and mended.</summary>
    Cut,

    /// <summary>The STUN and TURN server dies for good.</summary>
    ServerDeath,
}
