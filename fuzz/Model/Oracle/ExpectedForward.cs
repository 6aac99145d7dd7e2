using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A datagram to a peer: a slice of what was received.</summary>
internal readonly record struct ExpectedForward(long Relay, ReferenceAddress Peer, int Offset, int Length, bool DontFragment);
