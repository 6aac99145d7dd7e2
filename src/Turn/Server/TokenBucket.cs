using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// So many bytes a second, and as many at once. Known by the time at which it will be full again: empty where that lies a second ahead. Lock-free,
/// since the buckets of an account and of the server are shared by all loops. Stands in the object that it belongs to: use it there.
/// </summary>
internal struct TokenBucket(long bytesPerSecond)
{
    private const long Burst = TimeSpan.TicksPerSecond;

    private long _bytesPerSecond = bytesPerSecond;
    private long _fullAt = long.MinValue;

    /// <summary>Changes how many; zero for no limit.</summary>
    public void SetRate(long bytesPerSecond) => Volatile.Write(ref _bytesPerSecond, bytesPerSecond);

    /// <summary>Takes bytes where the bucket is not empty: the last datagram may overdraw it, so that none is too large for ever.</summary>
    public bool TryTake(int bytes, Instant now)
    {
        long rate = Volatile.Read(ref _bytesPerSecond);
        return rate == 0 || TryTake(bytes, rate, now);
    }

    private bool TryTake(int bytes, long rate, Instant now)
    {
        // A 64 KiB datagram at 1 byte/s is 6.5e11 ticks: far from an overflow.
        long cost = bytes * TimeSpan.TicksPerSecond / rate;
        while (true)
        {
            long fullAt = Volatile.Read(ref _fullAt);
            long from = Math.Max(fullAt, now.Ticks);
            if (from - now.Ticks >= Burst)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, from + cost, fullAt) == fullAt)
            {
                return true;
            }
        }
    }
}
