using System;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// The machine's time, so many times slower. For code that talks to real sockets and is answered at once: a machine that stands still for seconds
/// then costs it neither a retransmission nor its answer.
/// </summary>
public sealed class SlowTimeProvider(int factor) : TimeProvider
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp() / factor;

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) / factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => new SlowTimer(this, System.CreateTimer(callback, state, Stretch(dueTime), Stretch(period)));

    private TimeSpan Stretch(TimeSpan time)
        => time <= TimeSpan.Zero ? time : time < LongestTimer / factor ? time * factor : LongestTimer;

    private sealed class SlowTimer(SlowTimeProvider time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Stretch(dueTime), time.Stretch(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
