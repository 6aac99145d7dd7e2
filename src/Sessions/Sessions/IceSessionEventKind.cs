namespace Stack.Sessions;

/// <summary>What an <see cref="IceSessionEvent"/> says.</summary>
public enum IceSessionEventKind
{
    /// <summary>We are in the session, at first or again as a new peer: <see cref="IceSession.Id"/>.</summary>
    Joined,

    /// <summary><see cref="IceSessionEvent.Peer"/> is there. A connection to it follows by itself, unless its kind calls by hand.</summary>
    PeerJoined,

    /// <summary>
    /// There is a path to <see cref="IceSessionEvent.Peer"/>: data flows over its <see cref="IceSessionPeer.Connection"/>.
    /// </summary>
    Connected,

    /// <summary>Data to <see cref="IceSessionEvent.Peer"/> goes another way: <see cref="IceSessionEvent.Path"/>.</summary>
    PathChanged,

    /// <summary>There is no path to <see cref="IceSessionEvent.Peer"/> any more. As long as it is in the session, a new one is looked for.</summary>
    Disconnected,

    /// <summary>No path to <see cref="IceSessionEvent.Peer"/> was found: <see cref="IceSessionEvent.Error"/> says what was tried.</summary>
    Failed,

    /// <summary><see cref="IceSessionEvent.Peer"/> has left, or its connection ended after the signaling server had lost it.</summary>
    PeerGone,

    /// <summary>The signaling server is out of reach: <see cref="IceSessionEvent.Reason"/>. Connections go on.</summary>
    SignalingLost,

    /// <summary>The signaling server has us back, and nothing has changed.</summary>
    SignalingResumed,

    /// <summary>Something could not be used, and the rest is not affected: <see cref="IceSessionEvent.Reason"/>.</summary>
    Warning,

    /// <summary>The signaling server does not take us any more: <see cref="IceSessionEvent.Error"/>. Connections go on, and nobody new comes.</summary>
    SignalingRefused,
}
