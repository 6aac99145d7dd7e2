namespace Stack.Signaling;

/// <summary>What a deadline is for.</summary>
internal enum DeadlineKind
{
    /// <summary>A connection: its first message, the number that it waits for, or its next sign of life.</summary>
    Connection,

    /// <summary>A peer without a socket.</summary>
    Grace,

    /// <summary>A peer's messages for somebody who is not there.</summary>
    Absent,

    /// <summary>A peer's relay credentials.</summary>
    Credentials,

    /// <summary>The sessions that are empty.</summary>
    EmptySessions,

    /// <summary>This process's sign of life.</summary>
    Heartbeat,

    /// <summary>The snapshot that was asked for soon after another.</summary>
    Snapshot,

    /// <summary>Another process's sign of life.</summary>
    Process,
}
