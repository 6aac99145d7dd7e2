namespace Stack.Turn;

/// <summary>The decision to send a part of the message just received on to a peer. Nothing is copied: the slice is of the caller's buffer.</summary>
/// <param name="Relay">The socket to send it from.</param>
/// <param name="Peer">Where to.</param>
/// <param name="Offset">Where the application data begins in the message.</param>
/// <param name="Length">Its length, 0 to 65535.</param>
/// <param name="DontFragment">Whether the datagram must not be fragmented (RFC 8656 sections 14 and 15).</param>
public readonly record struct RelayForward(RelayId Relay, PeerAddress Peer, int Offset, int Length, bool DontFragment);
