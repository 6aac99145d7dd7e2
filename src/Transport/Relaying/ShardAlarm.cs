using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Wakes a loop when its state machine wants to be called. Set and checked by the thread of the loop.</summary>
internal sealed class ShardAlarm : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private Instant? _armed;
    private int _rang;

    public ShardAlarm(MonotonicClock clock, Action wake)
    {
        _clock = clock;
        _timer = clock.TimeProvider.CreateTimer(
            _ =>
            {
                Volatile.Write(ref _rang, 1);
                wake();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the alarm. One that is set for an earlier time rings too early, which does no harm.</summary>
    public void Set(Instant? due)
    {
        if (due is not { } time || (_armed is { } armed && armed <= time))
        {
            return;
        }

        _armed = time;
        TimeSpan left = time - _clock.Now;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notices that it rang, so that it can be set again.</summary>
    public void Check()
    {
        if (Interlocked.Exchange(ref _rang, 0) != 0)
        {
            _armed = null;
        }
    }

    public void Dispose() => _timer.Dispose();
}
