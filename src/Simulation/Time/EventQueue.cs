using System;

namespace Stack.Simulation;

/// <summary>What is to happen, by time and then by the order in which it was scheduled: a binary heap.</summary>
internal sealed class EventQueue
{
    private Entry[] _heap = new Entry[32];
    private int _count;
    private long _sequence;

    public int Count => _count;

    /// <summary>When the next one is due; of a queue that is not empty.</summary>
    public long NextTicks => _heap[0].Ticks;

    public void Push(long ticks, SimulationEvent subject)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        var entry = new Entry(ticks, _sequence++, subject);
        int at = _count++;
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!entry.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    public SimulationEvent Pop()
    {
        SimulationEvent first = _heap[0].Subject;
        Entry last = _heap[--_count];
        _heap[_count] = default;
        int at = 0;
        while (true)
        {
            int child = (at * 2) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        if (_count != 0)
        {
            _heap[at] = last;
        }

        return first;
    }

    private readonly struct Entry(long ticks, long sequence, SimulationEvent subject)
    {
        public readonly long Ticks = ticks;
        public readonly long Sequence = sequence;
        public readonly SimulationEvent Subject = subject;

        public bool IsBefore(in Entry other) => Ticks < other.Ticks || (Ticks == other.Ticks && Sequence < other.Sequence);
    }
}
