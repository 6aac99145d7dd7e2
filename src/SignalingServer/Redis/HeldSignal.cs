using System;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>What one peer said to another while it could not be carried there.</summary>
/// <param name="Since">When it was said.</param>
/// <param name="Channel">The channel of its session.</param>
/// <param name="Payload">What to publish.</param>
internal sealed record HeldSignal(Instant Since, ReadOnlyMemory<byte> Channel, ReadOnlyMemory<byte> Payload);
