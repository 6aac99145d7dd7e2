using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The monotonic clock of a <see cref="TimeProvider"/> as instants of the core.</summary>
internal sealed class MonotonicClock(TimeProvider timeProvider)
{
    private readonly long _origin = timeProvider.GetTimestamp();

    public TimeProvider TimeProvider { get; } = timeProvider;

    public Instant Now => new(TimeProvider.GetElapsedTime(_origin).Ticks);
}
