using Stack.Stun;

namespace Stack.Ice;

/// <summary>Something that happened in an agent. Which members count depends on <see cref="Kind"/>.</summary>
public readonly record struct IceEvent
{
    /// <summary>What it is about.</summary>
    public required IceEventKind Kind { get; init; }

    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; init; }

    /// <summary>The component, counted from 1; 0 where it is about no component.</summary>
    public int ComponentId { get; init; }

    /// <summary>The state of the session.</summary>
    public IceSessionState State { get; init; }

    /// <summary>Why the session failed.</summary>
    public IceFailureReason Reason { get; init; }

    /// <summary>The role.</summary>
    public IceRole Role { get; init; }

    /// <summary>The pair. It stays the agent's and changes with it.</summary>
    public CandidatePair? Pair { get; init; }

    /// <summary>The socket or allocation.</summary>
    public int BaseId { get; init; }

    /// <summary>The peer's address.</summary>
    public TransportAddress Remote { get; init; }
}
