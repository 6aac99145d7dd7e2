using Stack.Stun;

namespace Stack.Transport;

/// <summary>A datagram of a peer, copied to the caller's buffer.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Length">How many bytes were copied.</param>
/// <param name="IsTruncated">Whether the buffer was too small, so that the rest is lost.</param>
public readonly record struct TurnDatagram(TransportAddress Peer, int Length, bool IsTruncated);
