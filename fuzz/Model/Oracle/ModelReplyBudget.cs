using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>Replies that networks may cause: so many a second, so many at once, and a cap on all of them (security.md section 2).</summary>
internal sealed class ModelReplyBudget(int perSecond, int burst, int globalPerSecond)
{
    private readonly Dictionary<ReferenceAddress, (long Missing, long At)> _missing = [];
    private long _globalMissing;
    private long _globalAt;

    public bool TryTake(ReferenceAddress network, long now)
    {
        long cost = TimeSpan.TicksPerSecond / perSecond;
        long globalCost = Math.Max(1, TimeSpan.TicksPerSecond / globalPerSecond);
        long globalBurst = Math.Max(globalCost, TimeSpan.TicksPerSecond / 10);
        (long Missing, long At) entry = _missing.GetValueOrDefault(network);
        long missing = Math.Max(0, entry.Missing - (now - entry.At));
        long globalMissing = Math.Max(0, _globalMissing - (now - _globalAt));
        if (missing + cost > cost * burst || globalMissing + globalCost > globalBurst)
        {
            return false;
        }

        _missing[network] = (missing + cost, now);
        _globalMissing = globalMissing + globalCost;
        _globalAt = now;
        return true;
    }
}
