namespace Stack.Ice;

/// <summary>What an <see cref="IceEvent"/> is about.</summary>
public enum IceEventKind : byte
{
    /// <summary><see cref="IceEvent.State"/> is the new state; <see cref="IceEvent.Reason"/> says why it failed.</summary>
    StateChanged,

    /// <summary>Data of a component goes another way from now on: <see cref="IceEvent.Pair"/>. The first one means that the component is usable.</summary>
    PathChanged,

    /// <summary>A pair was nominated and selected: <see cref="IceEvent.Pair"/>.</summary>
    Selected,

    /// <summary>A component has no path any more.</summary>
    PathLost,

    /// <summary>The checklist of <see cref="IceEvent.Stream"/> has failed; others may go on (RFC 8445 section 8.1.2). Remove the stream, or restart.</summary>
    StreamFailed,

    /// <summary>The role has changed after a conflict (RFC 8445 section 7.3.1.1).</summary>
    RoleChanged,

    /// <summary>A TCP connection is wanted from <see cref="IceEvent.BaseId"/> to <see cref="IceEvent.Remote"/> (RFC 6544 section 6.1).</summary>
    ConnectionWanted,

    /// <summary>The TCP connection from <see cref="IceEvent.BaseId"/> to <see cref="IceEvent.Remote"/> is of no use any more; close it.</summary>
    ConnectionUnwanted,

    /// <summary>The allocation <see cref="IceEvent.BaseId"/> needs a permission for <see cref="IceEvent.Remote"/> (RFC 8445 section 7.2.1).</summary>
    PermissionWanted,

    /// <summary>Data flows from the allocation <see cref="IceEvent.BaseId"/> to <see cref="IceEvent.Remote"/>; a channel pays (RFC 8445 section 12.1).</summary>
    ChannelWanted,

    /// <summary>No pair uses the base <see cref="IceEvent.BaseId"/> any more; it can be freed (RFC 8445 section 8.3).</summary>
    BaseUnused,
}
