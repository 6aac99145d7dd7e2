using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>What has to happen at which time. A deadline is one object of its owner's, set and cancelled as often as needed: there is never more than one for each.</summary>
internal sealed class Deadlines
{
    private readonly SortedSet<Deadline> _set = new(Comparer<Deadline>.Create(static (one, other) =>
    {
        int order = one.When.CompareTo(other.When);
        return order != 0 ? order : one.Sequence.CompareTo(other.Sequence);
    }));

    private long _sequence;

    public Instant? Next => _set.Min?.When;

    public int Count => _set.Count;

    public void Set(Deadline deadline, Instant when)
    {
        Cancel(deadline);
        deadline.When = when;
        deadline.Sequence = ++_sequence;
        _set.Add(deadline);
    }

    public void Cancel(Deadline deadline)
    {
        if (deadline.Sequence != 0)
        {
            _set.Remove(deadline);
            deadline.Sequence = 0;
        }
    }

    public bool TryTake(Instant now, out Deadline? due)
    {
        due = _set.Min;
        if (due is null || due.When > now)
        {
            due = null;
            return false;
        }

        Cancel(due);
        return true;
    }
}
