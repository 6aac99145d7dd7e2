namespace Stack.Signaling;

/// <summary>A peer came, or the role towards it changed.</summary>
/// <param name="Peer">The peer.</param>
public sealed record OwnPeerCame(OwnPeer Peer) : OwnMessage;
