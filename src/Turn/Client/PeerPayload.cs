using Stack.Stun;

namespace Stack.Turn;

/// <summary>Where the application data of a peer stands in the bytes that were received.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many bytes; 0 is legal.</param>
public readonly record struct PeerPayload(TransportAddress Peer, int Offset, int Length);
