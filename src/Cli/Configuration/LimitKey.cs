using System;
using System.Collections.Generic;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>A limit in the file: its name, its range, and where it goes. Counts are whole, durations seconds.</summary>
internal sealed record LimitKey(
    string Name,
    bool IsWhole,
    decimal Least,
    decimal Most,
    Func<TurnServerLimits, decimal> Get,
    Func<TurnServerLimits, decimal, TurnServerLimits> Set)
{
    private const decimal Day = 86_400;
    private const decimal Many = 1_000_000;
    private const decimal Fast = 1_000_000_000_000;

    /// <summary>All of <see cref="TurnServerLimits"/>.</summary>
    public static IReadOnlyList<LimitKey> All { get; } =
    [
        Count("allocations-per-user", 1, Many, l => l.AllocationsPerUser, (l, v) => l with { AllocationsPerUser = v }),
        Count("allocations-per-source", 1, Many, l => l.AllocationsPerSource, (l, v) => l with { AllocationsPerSource = v }),
        Count("allocations", 1, Many, l => l.Allocations, (l, v) => l with { Allocations = v }),
        Count("permissions-per-allocation", 1, 65_536, l => l.PermissionsPerAllocation, (l, v) => l with { PermissionsPerAllocation = v }),
        Count("channels-per-allocation", 1, 4096, l => l.ChannelsPerAllocation, (l, v) => l with { ChannelsPerAllocation = v }),
        Count("peers-per-request", 1, 256, l => l.PeersPerRequest, (l, v) => l with { PeersPerRequest = v }),
        Count("connections-per-allocation", 1, 65_536, l => l.ConnectionsPerAllocation, (l, v) => l with { ConnectionsPerAllocation = v }),
        Count("first-port", 1, 65_535, l => l.FirstPort, (l, v) => l with { FirstPort = v }),
        Count("last-port", 1, 65_535, l => l.LastPort, (l, v) => l with { LastPort = v }),
        Count("authentication-failures", 1, Many, l => l.AuthenticationFailures, (l, v) => l with { AuthenticationFailures = v }),
        Rate("bytes-per-second-per-allocation", l => l.BytesPerSecondPerAllocation, (l, v) => l with { BytesPerSecondPerAllocation = v }),
        Rate("bytes-per-second-per-user", l => l.BytesPerSecondPerUser, (l, v) => l with { BytesPerSecondPerUser = v }),
        Rate("bytes-per-second", l => l.BytesPerSecond, (l, v) => l with { BytesPerSecond = v }),
        Time("default-lifetime", 1, Day, l => l.DefaultLifetime, (l, v) => l with { DefaultLifetime = v }),
        Time("max-lifetime", 1, Day, l => l.MaxLifetime, (l, v) => l with { MaxLifetime = v }),

        // RFC 8656 section 5: a nonce is renewed at least once an hour.
        Time("nonce-lifetime", 1, 3600, l => l.NonceLifetime, (l, v) => l with { NonceLifetime = v }),
        Time("port-quarantine", 0, Day, l => l.PortQuarantine, (l, v) => l with { PortQuarantine = v }),

        // RFC 8656 section 7.2 and RFC 6062 section 5.2: 30 s at least.
        Time("reservation-lifetime", 30, 3600, l => l.ReservationLifetime, (l, v) => l with { ReservationLifetime = v }),
        Time("connect-timeout", 30, 3600, l => l.ConnectTimeout, (l, v) => l with { ConnectTimeout = v }),
        Time("connection-bind-timeout", 30, 3600, l => l.ConnectionBindTimeout, (l, v) => l with { ConnectionBindTimeout = v }),
    ];

    private static LimitKey Count(
        string name, decimal least, decimal most, Func<TurnServerLimits, int> get, Func<TurnServerLimits, int, TurnServerLimits> set)
        => new(name, true, least, most, limits => get(limits), (limits, value) => set(limits, (int)value));

    private static LimitKey Rate(string name, Func<TurnServerLimits, long> get, Func<TurnServerLimits, long, TurnServerLimits> set)
        => new(name, true, 0, Fast, limits => get(limits), (limits, value) => set(limits, (long)value));

    private static LimitKey Time(
        string name, decimal least, decimal most, Func<TurnServerLimits, TimeSpan> get, Func<TurnServerLimits, TimeSpan, TurnServerLimits> set)
        => new(
            name,
            false,
            least,
            most,
            limits => (decimal)get(limits).Ticks / TimeSpan.TicksPerSecond,
            (limits, value) => set(limits, new TimeSpan((long)(value * TimeSpan.TicksPerSecond))));
}
