namespace Stack.Turn;

/// <summary>Where a <see cref="ClientAllocation"/> stands.</summary>
public enum ClientAllocationState : byte
{
    /// <summary>Nothing has been asked for.</summary>
    Idle,

    /// <summary>The server has been asked.</summary>
    Allocating,

    /// <summary>The allocation is there.</summary>
    Active,

    /// <summary>The allocation is given up, and the server is being told.</summary>
    Releasing,

    /// <summary>Over: refused, lost or released.</summary>
    Ended,
}
