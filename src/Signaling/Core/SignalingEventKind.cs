namespace Stack.Signaling;

/// <summary>What a <see cref="SignalingEvent"/> is about.</summary>
public enum SignalingEventKind
{
    /// <summary>A session has its first peer.</summary>
    SessionOpened,

    /// <summary>A session that was empty for long enough is forgotten.</summary>
    SessionClosed,

    /// <summary>A peer of this process has joined.</summary>
    Joined,

    /// <summary>A peer of this process lost its socket and may come back.</summary>
    Lost,

    /// <summary>A peer of this process came back.</summary>
    Resumed,

    /// <summary>A peer of this process is gone.</summary>
    Left,

    /// <summary>The core closes a connection; <see cref="SignalingEvent.CloseCode"/> says why.</summary>
    Closed,

    /// <summary>
    /// Shared mode: a peer needs a number. The caller fetches one greater than <see cref="SignalingEvent.Above"/> from the store, by one atomic step for all
    /// processes, and calls <see cref="SignalingCore.HandleId"/>, or <see cref="SignalingCore.HandleIdFailed"/>.
    /// </summary>
    IdWanted,

    /// <summary>Shared mode: another process was heard of first.</summary>
    ProcessAppeared,

    /// <summary>Shared mode: another process left, or was not heard of for too long; its peers are gone.</summary>
    ProcessLost,
}
