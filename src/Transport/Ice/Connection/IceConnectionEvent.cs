using Stack.Ice;

namespace Stack.Transport;

/// <summary>Something that has happened to a connection.</summary>
/// <param name="Kind">What.</param>
public readonly record struct IceConnectionEvent(IceConnectionEventKind Kind)
{
    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; init; }

    /// <summary>The component, counted from 1; 0 where it is about none.</summary>
    public int ComponentId { get; init; }

    /// <summary>The state.</summary>
    public IceSessionState State { get; init; }

    /// <summary>The role.</summary>
    public IceRole Role { get; init; }

    /// <summary>The path; null where it is about none.</summary>
    public IcePath? Path { get; init; }

    /// <summary>The warning; null where there is none.</summary>
    public IceGatheringWarning? Warning { get; init; }
}
