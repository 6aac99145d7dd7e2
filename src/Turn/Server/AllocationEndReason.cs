namespace Stack.Turn;

/// <summary>Why an allocation ended.</summary>
public enum AllocationEndReason : byte
{
    /// <summary>The client deleted it.</summary>
    Deleted,

    /// <summary>It was not refreshed in time.</summary>
    Expired,

    /// <summary>The client's TCP or TLS connection ended.</summary>
    ConnectionLost,

    /// <summary>The server stopped.</summary>
    Stopped,
}
