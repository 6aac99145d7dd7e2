using System;

namespace Stack.Stun;

/// <summary>
/// Token buckets for replies to sources that have proven nothing. The table is fixed: sources that fall into one bucket share it, so that a
/// flood of forged sources makes nothing grow and nobody's allowance new. The place in the table is seeded per process.
/// </summary>
public sealed class ReplyRateLimiter
{
    private const int BucketCount = 1 << 16;

    // Tokens are counted in ticks of time: a reply costs a second's ticks divided by the rate.
    private readonly long[] _fullAt = new long[BucketCount];
    private readonly long _cost;
    private readonly long _burst;
    private readonly long _globalCost;
    private readonly long _globalBurst;
    private long _globalFullAt;

    /// <summary>Starts with full buckets.</summary>
    /// <param name="limit">The limit; all numbers at least 1.</param>
    public ReplyRateLimiter(ReplyRateLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit.PerSecond, 1, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit.Burst, 1, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit.GlobalPerSecond, 1, nameof(limit));

        // The system gives memory when it is written to: all of it now, so that no flood makes the process grow later.
        Array.Clear(_fullAt);
        _cost = TimeSpan.TicksPerSecond / limit.PerSecond;
        _burst = _cost * limit.Burst;
        _globalCost = Math.Max(1, TimeSpan.TicksPerSecond / limit.GlobalPerSecond);
        _globalBurst = Math.Max(_globalCost, TimeSpan.TicksPerSecond / 10);
    }

    /// <summary>Takes a reply out of a source's allowance.</summary>
    /// <param name="source">The source.</param>
    /// <param name="now">The time.</param>
    /// <returns>False where nothing is left: stay silent.</returns>
    public bool TryTake(TransportAddress source, Instant now)
    {
        ref long fullAt = ref _fullAt[GetBucket(source)];
        if (!CanTake(fullAt, now.Ticks, _cost, _burst) || !CanTake(_globalFullAt, now.Ticks, _globalCost, _globalBurst))
        {
            return false;
        }

        fullAt = Math.Max(fullAt, now.Ticks) + _cost;
        _globalFullAt = Math.Max(_globalFullAt, now.Ticks) + _globalCost;
        return true;
    }

    // A bucket is known by the time at which it will be full again: it is empty where that lies a whole burst ahead.
    private static bool CanTake(long fullAt, long now, long cost, long burst) => Math.Max(fullAt, now) + cost - now <= burst;

    private static int GetBucket(TransportAddress source)
    {
        TransportAddress client = source.Unmapped;
        ulong key = client.Family == StunAddressFamily.IPv4 ? client.IPv4Bits : (ulong)(client.Bits >> 64);
        return HashCode.Combine(key, client.Family) & (BucketCount - 1);
    }
}
