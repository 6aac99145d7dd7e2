using System;

namespace Stack.Cli;

/// <summary>A limit in the file: its name, its range, and where it goes. Counts are whole, durations seconds.</summary>
/// <typeparam name="TLimits">What the limit is one of.</typeparam>
internal sealed record LimitKey<TLimits>(
    string Name,
    bool IsWhole,
    decimal Least,
    decimal Most,
    Func<TLimits, decimal> Get,
    Func<TLimits, decimal, TLimits> Set)
{
    public static LimitKey<TLimits> Count(
        string name, decimal least, decimal most, Func<TLimits, int> get, Func<TLimits, int, TLimits> set)
        => new(name, true, least, most, limits => get(limits), (limits, value) => set(limits, (int)value));

    public static LimitKey<TLimits> Rate(string name, decimal most, Func<TLimits, long> get, Func<TLimits, long, TLimits> set)
        => new(name, true, 0, most, limits => get(limits), (limits, value) => set(limits, (long)value));

    public static LimitKey<TLimits> Time(
        string name, decimal least, decimal most, Func<TLimits, TimeSpan> get, Func<TLimits, TimeSpan, TLimits> set)
        => new(
            name,
            false,
            least,
            most,
            limits => (decimal)get(limits).Ticks / TimeSpan.TicksPerSecond,
            (limits, value) => set(limits, new TimeSpan((long)(value * TimeSpan.TicksPerSecond))));
}
