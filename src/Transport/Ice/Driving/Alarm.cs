using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One entry of an <see cref="AlarmQueue"/>: calls its owner at the instant it was set to, once.</summary>
internal sealed class Alarm(Action ring)
{
    /// <summary>The place in the heap; -1 outside of it. The queue's.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>When it rings. The queue's.</summary>
    internal Instant Due { get; set; }

    internal void Ring() => ring();
}
