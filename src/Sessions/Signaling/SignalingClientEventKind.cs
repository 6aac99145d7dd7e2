namespace Stack.Sessions;

/// <summary>What a <see cref="SignalingClientEvent"/> says.</summary>
public enum SignalingClientEventKind
{
    /// <summary>
    /// We are in the session as <see cref="SignalingClientEvent.Id"/>, with <see cref="SignalingClientEvent.Peers"/> and
    /// <see cref="SignalingClientEvent.Servers"/>. When it comes again, we were away too long and are a new peer for the others.
    /// </summary>
    Joined,

    /// <summary><see cref="SignalingClientEvent.Peer"/> came, or our role towards it changed.</summary>
    PeerCame,

    /// <summary>The peer <see cref="SignalingClientEvent.Id"/> is gone.</summary>
    PeerGone,

    /// <summary>The peer <see cref="SignalingClientEvent.Id"/> says <see cref="SignalingClientEvent.Signal"/>.</summary>
    Signal,

    /// <summary>What was said to the peer <see cref="SignalingClientEvent.Id"/> was not passed on: <see cref="SignalingClientEvent.Reason"/>.</summary>
    NotDelivered,

    /// <summary>There are fresh credentials for the relays: <see cref="SignalingClientEvent.Servers"/>.</summary>
    ServersChanged,

    /// <summary>The server is out of reach: <see cref="SignalingClientEvent.Reason"/>. The client goes on trying.</summary>
    Lost,

    /// <summary>The server has us back in our place, and nobody has noticed.</summary>
    Resumed,

    /// <summary>The server does not take us any more: <see cref="SignalingClientEvent.Error"/>. There are no more events.</summary>
    Refused,
}
