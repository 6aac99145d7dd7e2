using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class AlarmQueueTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<int> _rung = [];

    [Fact]
    public void Alarms_SetInAnyOrder_RingInOrderOnOneTimer()
    {
        var clock = new MonotonicClock(_time);
        using var queue = new AlarmQueue(clock);
        var random = new SeededRandom(1);
        int[] dues = [.. Enumerable.Range(1, 200).OrderBy(_ => random.Next(1000))];
        foreach (int due in dues)
        {
            queue.Set(new Alarm(() => _rung.Add(due)), Instant.Zero + TimeSpan.FromMilliseconds(due));
        }

        Assert.Equal(1, _time.ArmedTimers);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Enumerable.Range(1, 100), _rung);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Enumerable.Range(1, 200), _rung);
    }

    [Fact]
    public void Alarm_SetAnewOrNever_RingsAtTheLastInstantAlone()
    {
        using var queue = new AlarmQueue(new MonotonicClock(_time));
        var moved = new Alarm(() => _rung.Add(1));
        var stopped = new Alarm(() => _rung.Add(2));
        queue.Set(moved, Instant.Zero + TimeSpan.FromMilliseconds(10));
        queue.Set(stopped, Instant.Zero + TimeSpan.FromMilliseconds(15));
        queue.Set(moved, Instant.Zero + TimeSpan.FromMilliseconds(30));
        queue.Set(stopped, null);
        _time.Advance(TimeSpan.FromMilliseconds(29));
        Assert.Empty(_rung);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([1], _rung);
    }

    [Fact]
    public void Alarm_ThatSetsItself_RingsAgain()
    {
        var clock = new MonotonicClock(_time);
        using var queue = new AlarmQueue(clock);
        Alarm? alarm = null;
        alarm = new Alarm(() =>
        {
            _rung.Add(0);
            queue.Set(alarm!, clock.Now + TimeSpan.FromMilliseconds(5));
        });
        queue.Set(alarm, Instant.Zero + TimeSpan.FromMilliseconds(5));
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal(10, _rung.Count);
    }

    [Fact]
    public void Set_Warm_AllocatesNothing()
    {
        var clock = new MonotonicClock(_time);
        using var queue = new AlarmQueue(clock);
        var first = new Alarm(static () => { });
        var alarm = new Alarm(static () => { });
        queue.Set(first, Instant.Zero + TimeSpan.FromSeconds(1));
        long at = 0;
        Assert.Equal(0, Allocations.Measure(() => queue.Set(alarm, Instant.Zero + TimeSpan.FromSeconds(2 + (++at % 7)))));
    }
}
