using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>When each of some things is due: one entry each, exact, so that nothing needs a timer of its own.</summary>
internal sealed class DeadlineQueue<T>
    where T : notnull
{
    private readonly Dictionary<T, Entry> _entries = [];
    private readonly SortedSet<Entry> _order = new(new ByDue());
    private long _count;

    public Instant? Next { get; private set; }

    public int Count => _entries.Count;

    /// <summary>Sets or moves the deadline of an item.</summary>
    public void Set(T item, Instant due)
    {
        Take(item);
        var entry = new Entry(due, _count++, item);
        _entries.Add(item, entry);
        _order.Add(entry);
        Next = _order.Min.Due;
    }

    public void Remove(T item)
    {
        Take(item);
        Next = _order.Count == 0 ? null : _order.Min.Due;
    }

    /// <summary>Takes out the item that has been due for longest.</summary>
    public bool TryTake(Instant now, [MaybeNullWhen(false)] out T item)
    {
        if (Next is not { } next || next > now)
        {
            item = default;
            return false;
        }

        item = _order.Min.Item;
        Remove(item);
        return true;
    }

    private void Take(T item)
    {
        if (_entries.Remove(item, out Entry entry))
        {
            _order.Remove(entry);
        }
    }

    private readonly record struct Entry(Instant Due, long Order, T Item);

    private sealed class ByDue : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y)
        {
            int due = x.Due.CompareTo(y.Due);
            return due != 0 ? due : x.Order.CompareTo(y.Order);
        }
    }
}
