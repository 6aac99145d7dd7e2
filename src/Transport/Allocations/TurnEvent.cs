using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Something that has happened to an allocation.</summary>
/// <param name="Kind">What.</param>
public readonly record struct TurnEvent(TurnEventKind Kind)
{
    /// <summary>The peer; its port is 0 where the event is about an address.</summary>
    public TransportAddress Peer { get; init; }

    /// <summary>The error of <see cref="TurnEventKind.IcmpError"/>.</summary>
    public IcmpError Icmp { get; init; }

    /// <summary>Why; null where there is nothing to explain.</summary>
    public TurnException? Failure { get; init; }
}
