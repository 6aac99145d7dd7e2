using System;
using System.Numerics;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>Counts durations in buckets that are 1/64 of their value wide at most, from 1 ns to minutes, so that percentiles cost no memory of their own.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;

    private readonly long[] _buckets = new long[(64 - SubBits) * SubCount];
    private long _min = long.MaxValue;
    private long _max;

    public long Count { get; private set; }

    public TimeSpan? Min => Count == 0 ? null : FromNanoseconds(_min);

    public TimeSpan? Max => Count == 0 ? null : FromNanoseconds(_max);

    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _buckets[GetBucket(nanoseconds)]++;
        _min = Math.Min(_min, nanoseconds);
        _max = Math.Max(_max, nanoseconds);
        Count++;
    }

    /// <summary>The duration that a share of all does not exceed; null where there is none.</summary>
    /// <param name="percent">0 to 100.</param>
    public TimeSpan? Percentile(double percent)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        for (int bucket = 0; Count != 0 && bucket < _buckets.Length; bucket++)
        {
            rank -= _buckets[bucket];
            if (rank <= 0)
            {
                // The upper end of the bucket, but never above what was measured.
                return FromNanoseconds(Math.Clamp(GetEnd(bucket), _min, _max));
            }
        }

        return null;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("rttMs");
        json.WriteMilliseconds("min", Min);
        json.WriteMilliseconds("median", Percentile(50));
        json.WriteMilliseconds("p95", Percentile(95));
        json.WriteMilliseconds("p99", Percentile(99));
        json.WriteMilliseconds("p999", Percentile(99.9));
        json.WriteMilliseconds("max", Max);
        json.WriteEndObject();
    }

    private static int GetBucket(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return (shift * SubCount) + (int)(value >> shift);
    }

    private static long GetEnd(int bucket)
    {
        int shift = Math.Max(0, (bucket / SubCount) - 1);
        long first = bucket - (shift * SubCount);
        return ((first + 1) << shift) - 1;
    }

    private static TimeSpan FromNanoseconds(long nanoseconds) => new(nanoseconds / TimeSpan.NanosecondsPerTick);
}
