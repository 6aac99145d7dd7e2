using System;
using System.Collections.Generic;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Many alarms on one timer, so that thousands of agents need neither a thread nor a timer each. Setting an alarm allocates nothing. Safe for
/// concurrent use; alarms ring one at a time and must return soon.
/// </summary>
internal sealed class AlarmQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _heap = [];
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private Instant? _timerDue;
    private bool _isRinging;

    public AlarmQueue(MonotonicClock clock)
    {
        _clock = clock;
        _timer = clock.TimeProvider.CreateTimer(
            static state => ((AlarmQueue)state!).RingAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets an alarm to another instant; null for never.</summary>
    public void Set(Alarm alarm, Instant? due)
    {
        lock (_gate)
        {
            if (due is not { } at)
            {
                Remove(alarm);
                return;
            }

            if (alarm.Index >= 0 && alarm.Due == at)
            {
                return;
            }

            alarm.Due = at;
            if (alarm.Index < 0)
            {
                alarm.Index = _heap.Count;
                _heap.Add(alarm);
            }

            Rise(alarm);
            Sink(alarm);
            Wind();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RingAll()
    {
        lock (_gate)
        {
            _timerDue = null;
            if (_isRinging)
            {
                return;
            }

            _isRinging = true;
        }

        while (TryTakeDue(out Alarm? alarm))
        {
            alarm!.Ring();
        }
    }

    private bool TryTakeDue(out Alarm? alarm)
    {
        lock (_gate)
        {
            alarm = _heap.Count != 0 && _heap[0].Due <= _clock.Now ? _heap[0] : null;
            if (alarm is not null)
            {
                Remove(alarm);
                return true;
            }

            _isRinging = false;
            Wind();
            return false;
        }
    }

    private void Wind()
    {
        if (_isRinging || _heap.Count == 0 || (_timerDue is { } set && set <= _heap[0].Due))
        {
            // A timer that fires too early finds nothing due and is wound again.
            return;
        }

        _timerDue = _heap[0].Due;
        _timer.Change(_clock.Until(_timerDue), Timeout.InfiniteTimeSpan);
    }

    private void Remove(Alarm alarm)
    {
        int index = alarm.Index;
        if (index < 0)
        {
            return;
        }

        Alarm last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        alarm.Index = -1;
        if (last != alarm)
        {
            _heap[index] = last;
            last.Index = index;
            Rise(last);
            Sink(last);
        }
    }

    private void Rise(Alarm alarm)
    {
        while (alarm.Index > 0)
        {
            Alarm parent = _heap[(alarm.Index - 1) / 2];
            if (parent.Due <= alarm.Due)
            {
                return;
            }

            Swap(parent, alarm);
        }
    }

    private void Sink(Alarm alarm)
    {
        while (true)
        {
            int child = (2 * alarm.Index) + 1;
            if (child >= _heap.Count)
            {
                return;
            }

            if (child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due)
            {
                child++;
            }

            if (alarm.Due <= _heap[child].Due)
            {
                return;
            }

            Swap(alarm, _heap[child]);
        }
    }

    private void Swap(Alarm upper, Alarm lower)
    {
        (upper.Index, lower.Index) = (lower.Index, upper.Index);
        _heap[upper.Index] = upper;
        _heap[lower.Index] = lower;
    }
}
