using System;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>Something that has happened in a session. Immutable.</summary>
/// <param name="Kind">What.</param>
public sealed record IceSessionEvent(IceSessionEventKind Kind)
{
    /// <summary>The peer; null where it is about none.</summary>
    public IceSessionPeer? Peer { get; init; }

    /// <summary>The path; null where it is about none.</summary>
    public IcePath? Path { get; init; }

    /// <summary>How long it took from the peer's coming, or from the loss of the path, to the path; null where it is about none.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>An <see cref="IceException"/> or a <see cref="SignalingException"/>; null where nothing failed.</summary>
    public Exception? Error { get; init; }

    /// <summary>Why, for people; null where there is nothing to explain.</summary>
    public string? Reason { get; init; }
}
