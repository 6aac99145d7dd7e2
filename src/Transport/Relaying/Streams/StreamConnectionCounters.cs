using System.Collections.Generic;
using System.Threading;

namespace Stack.Transport;

/// <summary>What became of TCP and TLS connections. Few events, so that a lock does.</summary>
internal sealed class StreamConnectionCounters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _outcomes = [];
    private long _faults;

    public long Faults => Volatile.Read(ref _faults);

    public void CountConnection(string outcome)
    {
        lock (_gate)
        {
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        }
    }

    public void CountFault() => Interlocked.Increment(ref _faults);

    public KeyValuePair<string, long>[] GetOutcomes()
    {
        lock (_gate)
        {
            return [.. _outcomes];
        }
    }
}
