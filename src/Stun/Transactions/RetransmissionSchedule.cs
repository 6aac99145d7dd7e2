using System;

namespace Stack.Stun;

/// <summary>
/// When a request is sent again and when it is given up (RFC 8489 section 6.2). With the defaults and an RTO of 500 ms a request over UDP is
/// sent at 0, 500, 1500, 3500, 7500, 15500 and 31500 ms and fails at 39500 ms.
/// </summary>
public sealed record RetransmissionSchedule
{
    /// <summary>The defaults of RFC 8489.</summary>
    public static readonly RetransmissionSchedule Default = new();

    /// <summary>The RTO before the round-trip time of a server is known, and the least one after; 1 ms to 60 s, 500 ms by default.</summary>
    public TimeSpan InitialRto
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The RTO is 1 ms to 60 s.");
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The least RTO once the round-trip time of the server has been measured; <see cref="InitialRto"/> by default. A lower one is for usages
    /// with few probes that bound their own rate. 1 ms to 60 s.
    /// </summary>
    public TimeSpan? MinMeasuredRto
    {
        get;
        init => field = value is null || (value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromSeconds(60))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The RTO is 1 ms to 60 s.");
    }

    /// <summary>Rc: how many requests are sent in all; 1 to 16, 7 by default.</summary>
    public int MaxRequests
    {
        get;
        init => field = value is >= 1 and <= 16
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Rc is 1 to 16.");
    } = 7;

    /// <summary>Rm: how many RTOs the last request waits for its answer; 1 to 64, 16 by default.</summary>
    public int FinalWaitFactor
    {
        get;
        init => field = value is >= 1 and <= 64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Rm is 1 to 64.");
    } = 16;

    /// <summary>Ti: how long a request over TCP or TLS waits for its answer; up to a day, 39.5 s by default.</summary>
    public TimeSpan ReliableTimeout
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Ti is positive and a day at most.");
    } = TimeSpan.FromSeconds(39.5);

    /// <summary>
    /// The longest time from the first request to the end, over any transport; null, the default, for what follows from the other values.
    /// The request that no other can follow within it is the last one.
    /// </summary>
    public TimeSpan? Limit
    {
        get;
        init => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit is positive.");
    }

    /// <summary>How long to wait after a request before the next one, or before giving up.</summary>
    /// <param name="sent">How many requests have been sent, 1 to <see cref="MaxRequests"/>.</param>
    /// <param name="rto">The RTO that the transaction started with.</param>
    public TimeSpan GetWait(int sent, TimeSpan rto)
        => sent >= MaxRequests ? rto * FinalWaitFactor : rto * (1 << Math.Max(0, sent - 1));
}
