using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>Least, median, 95th percentile and greatest of round-trip times. Remembers the last 10 000, extremes for ever.</summary>
internal sealed class RoundTripSummary
{
    private const int Capacity = 10_000;

    private readonly Queue<TimeSpan> _times = new();

    public bool IsEmpty => _times.Count == 0;

    public TimeSpan? Min { get; private set; }

    public TimeSpan? Max { get; private set; }

    public TimeSpan? Median => Percentile(50);

    public TimeSpan? P95 => Percentile(95);

    public void Add(TimeSpan time)
    {
        if (_times.Count == Capacity)
        {
            _times.Dequeue();
        }

        _times.Enqueue(time);
        Min = Min is { } min && min < time ? min : time;
        Max = Max is { } max && max > time ? max : time;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("rttMs");
        json.WriteMilliseconds("min", Min);
        json.WriteMilliseconds("median", Median);
        json.WriteMilliseconds("p95", P95);
        json.WriteMilliseconds("max", Max);
        json.WriteEndObject();
    }

    // The nearest rank: a time that was measured, not one between two.
    private TimeSpan? Percentile(int percent)
    {
        if (IsEmpty)
        {
            return null;
        }

        TimeSpan[] sorted = [.. _times];
        Array.Sort(sorted);
        int rank = ((sorted.Length * percent) + 99) / 100;
        return sorted[Math.Max(rank, 1) - 1];
    }
}
