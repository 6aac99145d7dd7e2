using System;
using System.Threading;

namespace Stack.Cli;

/// <summary>
/// Gives memory back to the system after a crowd has left. The garbage collector keeps what it has had for the next crowd, which on a server that is idle for
/// a day looks like a leak. One collection, of some milliseconds, when most allocations are gone and no more go.
/// </summary>
internal sealed class MemoryReturn : IDisposable
{
    private const int Crowd = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<(int Now, int Most)> _count;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private int _most;
    private int _last;

    /// <param name="count">How many allocations there are, and how many there were at the most since this was asked last.</param>
    /// <param name="time">The clock.</param>
    /// <param name="collect">What gives memory back; null for the garbage collector.</param>
    public MemoryReturn(Func<(int Now, int Most)> count, TimeProvider time, Action? collect = null)
    {
        _count = count;
        _collect = collect ?? (static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
        _timer = time.CreateTimer(static state => ((MemoryReturn)state!).Look(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        (int count, int most) = _count();
        _most = Math.Max(_most, most);
        bool isLeaving = count < _last || most > _most / 4;
        _last = count;
        if (!isLeaving && _most >= Crowd)
        {
            _most = count;
            _collect();
        }
    }
}
