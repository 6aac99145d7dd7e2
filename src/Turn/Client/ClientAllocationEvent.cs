using Stack.Stun;

namespace Stack.Turn;

/// <summary>Something that has happened to an allocation.</summary>
/// <param name="Kind">What.</param>
public readonly record struct ClientAllocationEvent(ClientAllocationEventKind Kind)
{
    /// <summary>The peer; its port is 0 where the event is about an address.</summary>
    public TransportAddress Peer { get; init; }

    /// <summary>The channel of <see cref="ClientAllocationEventKind.ChannelBound"/>.</summary>
    public ChannelNumber Channel { get; init; }

    /// <summary>The connection of the events of RFC 6062.</summary>
    public ConnectionId Connection { get; init; }

    /// <summary>The error of <see cref="ClientAllocationEventKind.IcmpError"/>.</summary>
    public IcmpError Icmp { get; init; }

    /// <summary>Why the allocation is gone.</summary>
    public AllocationLossReason LossReason { get; init; }

    /// <summary>How the request behind the event failed; null where there was none.</summary>
    public RequestFailure? Failure { get; init; }
}
