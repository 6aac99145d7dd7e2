using System;
using System.Threading;
using Stack.TestKit;

namespace Stack.Transport.Tests;

/// <summary>
/// A clock that throws as often as it is told to, from inside whatever asks it for the time. Its timers are late, so that none ends what a test has
/// begun.
/// </summary>
internal sealed class FaultyTimeProvider : TimeProvider
{
    private readonly SlowTimeProvider _slow = new(20);
    private int _faults;

    public void Fail(int times) => Interlocked.Exchange(ref _faults, times);

    public override long GetTimestamp() => Interlocked.Decrement(ref _faults) >= 0
        ? throw new InvalidTimeZoneException("A fault that a test has put in.")
        : base.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => _slow.CreateTimer(callback, state, dueTime, period);
}
