using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>The checklist of one data stream (RFC 8445 section 6.1.2), kept in the order of priority, with its triggered-check queue.</summary>
internal sealed class Checklist
{
    private static readonly Comparison<CandidatePair> ByPriority = static (a, b)
        => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.ComponentId.CompareTo(b.ComponentId);

    private readonly Queue<CandidatePair> _triggered = new();

    public Checklist(int stream, int components)
    {
        Stream = stream;
        Components = new ComponentChecks[components];
        for (int i = 0; i < components; i++)
        {
            Components[i] = new ComponentChecks(stream, i + 1);
        }
    }

    public int Stream { get; }

    public ComponentChecks[] Components { get; }

    public List<CandidatePair> Pairs { get; } = [];

    public ChecklistState State { get; set; }

    public Instant? CompletedAt { get; set; }

    public bool HasTriggered
    {
        get
        {
            while (_triggered.TryPeek(out CandidatePair? first))
            {
                if (first.Check.IsQueued && !first.IsRemoved)
                {
                    return true;
                }

                _triggered.Dequeue();
            }

            return false;
        }
    }

    /// <summary>Whether a check may still change something.</summary>
    public bool HasOpenPairs
    {
        get
        {
            foreach (CandidatePair pair in Pairs)
            {
                if (pair.State is not (CandidatePairState.Succeeded or CandidatePairState.Failed) && !pair.IsRefused)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public ComponentChecks GetComponent(CandidatePair pair) => Components[pair.ComponentId - 1];

    public void Add(CandidatePair pair)
    {
        Pairs.Add(pair);
        GetComponent(pair).PairList.Add(pair);
        Sort(GetComponent(pair));
    }

    /// <summary>Takes a pair off the checklist and the queue; it may stay valid.</summary>
    public void Remove(CandidatePair pair)
    {
        Pairs.Remove(pair);
        GetComponent(pair).PairList.Remove(pair);
        pair.IsRemoved = true;
        pair.Check.IsQueued = false;
        pair.Check.NextRequest = null;
        pair.Check.FailsAt = null;
    }

    /// <summary>Puts the lists into order again, after priorities have changed.</summary>
    public void Sort(ComponentChecks component)
    {
        Pairs.Sort(ByPriority);
        component.PairList.Sort(ByPriority);
        component.ValidList.Sort(ByPriority);
    }

    public void Enqueue(CandidatePair pair)
    {
        pair.State = CandidatePairState.Waiting;
        pair.Check.NextRequest = null;
        pair.Check.FailsAt = null;
        if (!pair.Check.IsQueued)
        {
            pair.Check.IsQueued = true;
            _triggered.Enqueue(pair);
        }
    }

    public CandidatePair? PeekTriggered() => HasTriggered ? _triggered.Peek() : null;

    public void DequeueTriggered() => _triggered.Dequeue().Check.IsQueued = false;
}
