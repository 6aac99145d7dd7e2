using System;
using System.Threading;

namespace Stack.Cli;

/// <summary>
/// Gives memory back to the system. The garbage collector keeps what it has had for the next crowd, which on a server that is idle for a day looks like a leak:
/// one collection, of some milliseconds, when most allocations are gone and no more go. The C library keeps what the compiler and OpenSSL have freed: each
/// minute, and after a collection, that goes back, so that what is resident is what is used.
/// </summary>
internal sealed class MemoryReturn : IDisposable
{
    private const int Crowd = 500;
    private const int LooksForTrim = 60;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<(int Now, int Most)> _count;
    private readonly Action _collect;
    private readonly Action _trim;
    private readonly ITimer _timer;
    private int _most;
    private int _last;
    private int _looks;

    /// <param name="count">How many allocations there are, and how many there were at the most since this was asked last.</param>
    /// <param name="time">The clock.</param>
    /// <param name="collect">What gives the managed heap back; null for the garbage collector.</param>
    /// <param name="trim">What gives the heap of the C library back; null for <see cref="NativeHeap.Trim"/>.</param>
    public MemoryReturn(Func<(int Now, int Most)> count, TimeProvider time, Action? collect = null, Action? trim = null)
    {
        _count = count;
        _collect = collect ?? (static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
        _trim = trim ?? NativeHeap.Trim;
        _timer = time.CreateTimer(static state => ((MemoryReturn)state!).Look(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        (int count, int most) = _count();
        _most = Math.Max(_most, most);
        bool isLeaving = count < _last || most > _most / 4;
        _last = count;
        bool isOver = !isLeaving && _most >= Crowd;
        if (isOver)
        {
            _most = count;
            _collect();
        }

        _looks++;
        if (isOver || _looks % LooksForTrim == 0)
        {
            _trim();
        }
    }
}
