using System;
using System.Collections.Generic;

namespace Stack.Stun;

/// <summary>
/// The round-trip estimates of the servers that were asked in the last 10 minutes, by IP address (RFC 8489 section 6.2.1). Bounded: the entry
/// that was used the longest ago makes room.
/// </summary>
public sealed class RoundTripCache
{
    /// <summary>How many servers are kept.</summary>
    public const int Capacity = 256;

    /// <summary>After this time without a transaction an estimate is stale.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    private readonly Dictionary<TransportAddress, Entry> _entries = [];

    /// <summary>How many servers are kept now.</summary>
    public int Count => _entries.Count;

    /// <summary>The RTO for the next transaction with a server.</summary>
    /// <param name="server">The server; its port does not matter.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="now">The time.</param>
    public TimeSpan GetRto(TransportAddress server, RetransmissionSchedule schedule, Instant now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return _entries.TryGetValue(server.WithPort(0), out Entry entry) && now - entry.LastUsed < StaleAfter
            ? entry.Estimate.GetRto(schedule)
            : schedule.InitialRto;
    }

    /// <summary>Notes that a transaction has completed.</summary>
    /// <param name="server">The server; its port does not matter.</param>
    /// <param name="roundTrip">The round-trip time; null where the request was sent more than once (Karn's algorithm).</param>
    /// <param name="now">The time.</param>
    public void Complete(TransportAddress server, TimeSpan? roundTrip, Instant now)
    {
        TransportAddress key = server.WithPort(0);
        bool known = _entries.TryGetValue(key, out Entry entry);
        RoundTripEstimate estimate = known && now - entry.LastUsed < StaleAfter ? entry.Estimate : default;
        if (roundTrip is { } sample)
        {
            estimate.AddSample(sample);
        }

        if (!known && _entries.Count >= Capacity)
        {
            RemoveOldest();
        }

        _entries[key] = new Entry(estimate, now);
    }

    private void RemoveOldest()
    {
        TransportAddress oldest = default;
        var when = new Instant(long.MaxValue);
        foreach ((TransportAddress key, Entry entry) in _entries)
        {
            if (entry.LastUsed < when)
            {
                when = entry.LastUsed;
                oldest = key;
            }
        }

        _entries.Remove(oldest);
    }

    private readonly record struct Entry(RoundTripEstimate Estimate, Instant LastUsed);
}
