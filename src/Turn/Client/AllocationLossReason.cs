namespace Stack.Turn;

/// <summary>Why an allocation is gone.</summary>
public enum AllocationLossReason : byte
{
    /// <summary>It is not gone.</summary>
    None,

    /// <summary>Its lifetime has passed: the server did not confirm a refresh, or the machine slept.</summary>
    Expired,

    /// <summary>The server has no such allocation (437), as after a restart.</summary>
    UnknownToServer,

    /// <summary>The connection to the server has ended.</summary>
    ConnectionLost,

    /// <summary>Client and server disagree about a channel, so that data could reach the wrong peer (RFC 8656 section 12.3).</summary>
    ChannelOutOfStep,
}
