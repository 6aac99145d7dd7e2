namespace Stack.Transport;

/// <summary>What a <see cref="TurnEvent"/> says.</summary>
public enum TurnEventKind
{
    /// <summary>A datagram to <see cref="TurnEvent.Peer"/> was dropped; <see cref="TurnEvent.Icmp"/> says why.</summary>
    IcmpError,

    /// <summary>The permission of <see cref="TurnEvent.Peer"/> could not be kept.</summary>
    PermissionLost,

    /// <summary>The channel of <see cref="TurnEvent.Peer"/> could not be kept; data still reaches it.</summary>
    ChannelLost,

    /// <summary>The allocation is gone.</summary>
    AllocationLost,

    /// <summary>There is a new allocation, with the relayed address that <see cref="TurnAllocation.Relayed"/> has now.</summary>
    Reallocated,
}
