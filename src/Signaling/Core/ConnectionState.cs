namespace Stack.Signaling;

/// <summary>How far a connection is.</summary>
internal enum ConnectionState
{
    /// <summary>Its first message has not come.</summary>
    Opened,

    /// <summary>Its number is awaited.</summary>
    AwaitingId,

    /// <summary>It is a peer's.</summary>
    Joined,

    /// <summary>It is being closed: nothing is heard from it any more.</summary>
    Closing,
}
