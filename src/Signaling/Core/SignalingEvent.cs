namespace Stack.Signaling;

/// <summary>Something that happened in the core, for the log and the counters. Which members count depends on <see cref="Kind"/>.</summary>
public readonly record struct SignalingEvent
{
    /// <summary>What it is about.</summary>
    public required SignalingEventKind Kind { get; init; }

    /// <summary>The socket; 0 where it is about none.</summary>
    public ConnectionId Connection { get; init; }

    /// <summary>The session's name: a secret of those in it, so it does not belong in a log as it is. Empty where it is about none.</summary>
    public string Session { get; init; }

    /// <summary>The peer's number; 0 where it is about none.</summary>
    public int PeerId { get; init; }

    /// <summary>The dialect of the peer or the connection.</summary>
    public SignalingDialect Dialect { get; init; }

    /// <summary>Why a connection is closed, see <see cref="SignalingCloseCode"/>.</summary>
    public int CloseCode { get; init; }

    /// <summary>The number that the wanted one has to exceed.</summary>
    public int Above { get; init; }

    /// <summary>The other process.</summary>
    public string Process { get; init; }
}
