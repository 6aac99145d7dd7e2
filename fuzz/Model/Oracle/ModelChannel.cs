using System;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A channel.</summary>
internal sealed class ModelChannel(int number, ReferenceAddress peer, ModelRelay relay)
{
    public const long Lifetime = 600 * TimeSpan.TicksPerSecond;

    public int Number { get; } = number;

    public ReferenceAddress Peer { get; } = peer;

    public ModelRelay Relay { get; } = relay;

    public long Expires { get; set; }
}
