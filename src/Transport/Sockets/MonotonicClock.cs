using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The monotonic clock of a <see cref="TimeProvider"/> as instants of the core.</summary>
internal sealed class MonotonicClock(TimeProvider timeProvider)
{
    private readonly long _origin = timeProvider.GetTimestamp();

    public TimeProvider TimeProvider { get; } = timeProvider;

    public Instant Now => new(TimeProvider.GetElapsedTime(_origin).Ticks);

    /// <summary>The due time of a timer that shall fire at an instant; null for never.</summary>
    public TimeSpan Until(Instant? next)
    {
        if (next is not { } at)
        {
            return Timeout.InfiniteTimeSpan;
        }

        // Timers count whole milliseconds: rounding down would wake too early and spin.
        TimeSpan wait = at - Now;
        return wait <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
    }
}
