using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// Time that stands still until a test moves it. Timers fire on the thread that moves it, in the order of their due times, each at its own
/// time. Safe for concurrent use.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _armed = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Reached)> _waiters = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far time has been moved.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    /// <summary>How many timers are armed; what is left after a test is a leak.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends once a timer is armed that was set to fire after exactly this time.</summary>
    public Task WaitForTimerAsync(TimeSpan dueTime)
    {
        lock (_gate)
        {
            if (_armed.Exists(timer => timer.DueTime == dueTime))
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((dueTime, reached));
            return reached.Task;
        }
    }

    /// <summary>Moves time and fires what becomes due.</summary>
    public void Advance(TimeSpan by)
    {
        long target = Interlocked.Read(ref _now) + by.Ticks;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = Math.Max(_now, target);
        }
    }

    /// <summary>Moves time to the next timer and fires it; false where none is armed.</summary>
    public bool AdvanceToNextTimer()
    {
        ManualTimer? timer = TakeDue(long.MaxValue);
        timer?.Fire();
        return timer is not null;
    }

    /// <summary>Moves time from timer to timer until a task has ended.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (!AdvanceToNextTimer())
            {
                await Task.Yield();
            }
        }

        return await task;
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            ManualTimer? first = null;
            foreach (ManualTimer timer in _armed)
            {
                if (timer.Due <= target && (first is null || timer.Due < first.Due))
                {
                    first = timer;
                }
            }

            if (first is not null)
            {
                _now = Math.Max(_now, first.Due);
                _armed.Remove(first);
                first.Rearm();
            }

            return first;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public long Due { get; private set; }

        public TimeSpan DueTime { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Arm(dueTime);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Rearm()
        {
            if (_period > TimeSpan.Zero)
            {
                Arm(_period);
            }
        }

        private void Arm(TimeSpan dueTime)
        {
            DueTime = dueTime;
            Due = time._now + dueTime.Ticks;
            time._armed.Add(this);
            foreach ((TimeSpan wanted, TaskCompletionSource reached) in time._waiters)
            {
                if (wanted == dueTime)
                {
                    reached.TrySetResult();
                }
            }

            time._waiters.RemoveAll(waiter => waiter.DueTime == dueTime);
        }
    }
}
