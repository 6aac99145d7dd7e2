namespace Stack.Transport;

/// <summary>What an <see cref="IceConnectionEvent"/> says.</summary>
public enum IceConnectionEventKind
{
    /// <summary><see cref="IceConnectionEvent.State"/> is the new state.</summary>
    StateChanged,

    /// <summary>Data goes another way from now on: <see cref="IceConnectionEvent.Path"/>. The first one of a component makes it usable.</summary>
    PathChanged,

    /// <summary>Both sides have agreed on <see cref="IceConnectionEvent.Path"/>.</summary>
    PathSelected,

    /// <summary>A component has no path any more.</summary>
    PathLost,

    /// <summary>The role has changed after a conflict.</summary>
    RoleChanged,

    /// <summary>What answers fast has answered; candidates can still come.</summary>
    GatheringQuiet,

    /// <summary>All candidates are gathered, or given up.</summary>
    GatheringCompleted,

    /// <summary>Something could not be gathered: <see cref="IceConnectionEvent.Warning"/>. The rest is not affected.</summary>
    GatheringWarning,

    /// <summary>
    /// Addresses have come or gone, and sockets with them. Where no candidates can be told any more (RFC 8838 section 14), a restart lets the peer
    /// know of the new ones.
    /// </summary>
    NetworkChanged,

    /// <summary>A new session has begun: new credentials and candidates are to be told.</summary>
    Restarted,
}
