using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// So many bytes a second, and as many at once. Known by the time at which it will be full again: empty where that lies a second ahead. Lock-free,
/// since the buckets of an account and of the server are shared by all loops.
/// </summary>
internal sealed class TokenBucket(long bytesPerSecond)
{
    private const long Burst = TimeSpan.TicksPerSecond;

    private long _fullAt = long.MinValue;

    /// <summary>Zero for no limit.</summary>
    public long BytesPerSecond { get; set; } = bytesPerSecond;

    /// <summary>Takes bytes where the bucket is not empty: the last datagram may overdraw it, so that none is too large for ever.</summary>
    public bool TryTake(int bytes, Instant now)
    {
        long rate = BytesPerSecond;
        if (rate == 0)
        {
            return true;
        }

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
