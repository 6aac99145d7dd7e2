namespace Stack.Turn;

/// <summary>What a <see cref="ClientAllocationEvent"/> says: the closed set of what can happen to an allocation.</summary>
public enum ClientAllocationEventKind : byte
{
    /// <summary>The server has made the allocation; <see cref="ClientAllocation.Grant"/> has it.</summary>
    Allocated,

    /// <summary>There is no allocation, for the reason in <see cref="ClientAllocationEvent.Failure"/>.</summary>
    AllocationRefused,

    /// <summary>The allocation is gone, for <see cref="ClientAllocationEvent.LossReason"/>. Comes once.</summary>
    AllocationLost,

    /// <summary>The server has deleted the allocation, as it was asked to, or has not said that it did.</summary>
    AllocationReleased,

    /// <summary>The address <see cref="ClientAllocationEvent.Peer"/> has a permission now. Refreshes are not reported.</summary>
    PermissionInstalled,

    /// <summary>The address <see cref="ClientAllocationEvent.Peer"/> has no permission, or none any more.</summary>
    PermissionRefused,

    /// <summary><see cref="ClientAllocationEvent.Peer"/> has a channel now. Refreshes are not reported.</summary>
    ChannelBound,

    /// <summary><see cref="ClientAllocationEvent.Peer"/> has no channel, or none any more; Send indications still reach it.</summary>
    ChannelRefused,

    /// <summary>A datagram to <see cref="ClientAllocationEvent.Peer"/> was dropped; <see cref="ClientAllocationEvent.Icmp"/> says why.</summary>
    IcmpError,

    /// <summary>The server is connected with <see cref="ClientAllocationEvent.Peer"/>, and waits for ConnectionBind (RFC 6062 section 4.3).</summary>
    PeerConnected,

    /// <summary>The server could not connect to <see cref="ClientAllocationEvent.Peer"/>.</summary>
    PeerConnectionFailed,

    /// <summary><see cref="ClientAllocationEvent.Peer"/> has connected, and waits for ConnectionBind (RFC 6062 section 4.4).</summary>
    PeerConnectionAttempted,
}
