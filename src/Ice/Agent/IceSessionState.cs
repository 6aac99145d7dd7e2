namespace Stack.Ice;

/// <summary>How far a session is.</summary>
public enum IceSessionState : byte
{
    /// <summary>The peer's credentials are not known yet.</summary>
    New,

    /// <summary>Checks run; no component of some stream has a valid pair yet.</summary>
    Checking,

    /// <summary>Every component has a valid pair: data flows. Checks and nomination go on.</summary>
    Connected,

    /// <summary>Every component has a selected pair (RFC 8445 section 8.1.2).</summary>
    Completed,

    /// <summary>Consent of a component in use has gone; a restart can save the session.</summary>
    Disconnected,

    /// <summary>A component has no path and none can come, though others may have one (RFC 8445 section 8.1.2); a restart can save the session.</summary>
    Failed,

    /// <summary>The agent was closed.</summary>
    Closed,
}
