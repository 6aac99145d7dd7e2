using System;
using System.Globalization;
using System.Linq;
using Stack.Simulation;
using Stack.Stun;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>
/// The runs behind the latency targets. Each gives the virtual time from the moment when both sides have each other's description to the first usable
/// pair, on the slower side; null where there was none.
/// </summary>
internal static class LatencyRuns
{
    public static TimeSpan? HostToHost(IceStrategy strategy, double roundTrip, ulong seed = 1, double loss = 0)
    {
        using var scenario = new IceScenario(seed, roundTrip);
        VirtualHost left = scenario.PlaceLeft(Access.Open);

        // Every packet either way crosses this link once.
        left.Interfaces[0].Link.Both = scenario.Link with { Loss = loss };
        Exchange(scenario, left, scenario.PlaceRight(Access.Open), HostsOnly, strategy);
        return scenario.FirstUsable();
    }

    public static TimeSpan? AfterDeadCandidates(IceStrategy strategy, double roundTrip, DeadCandidates where, bool bothSides)
    {
        using var scenario = new IceScenario(1, roundTrip);
        VirtualHost left = scenario.PlaceLeft(Access.Open);
        VirtualHost right = scenario.PlaceRight(Access.Open);
        Prepare(scenario, left, right, HostsOnly, strategy);
        scenario.Gather();
        scenario.ToLeft.Filter = signal => Precede(scenario.ToLeft, signal, where);
        scenario.ToRight.Filter = signal => bothSides ? Precede(scenario.ToRight, signal, where) : signal;
        scenario.Exchange();
        return scenario.FirstUsable();
    }

    public static TimeSpan? PortRestricted(IceStrategy strategy, double roundTrip, double rightEarlier = 0)
    {
        using var scenario = new IceScenario(1, roundTrip);
        Prepare(scenario, scenario.PlaceLeft(Access.PortRestricted), scenario.PlaceRight(Access.PortRestricted), WithStun, strategy);
        scenario.Gather();
        scenario.Exchange(Ms(rightEarlier));
        return scenario.FirstUsable();
    }

    /// <summary>Both sides have their allocation over UDP before they know of each other.</summary>
    public static TimeSpan? RelayOnly(IceStrategy strategy, double roundTrip)
    {
        using var scenario = new IceScenario(1, roundTrip);
        Exchange(scenario, scenario.PlaceLeft(Access.Symmetric), scenario.PlaceRight(Access.Symmetric), IceScenario.RelayOnly, strategy);
        return scenario.FirstUsable();
    }

    /// <summary>The direct candidates are signaled when data flows over the relay already.</summary>
    /// <returns>How long it took from then on until data went directly on both sides.</returns>
    public static TimeSpan? DirectAfterRelay(IceStrategy strategy, double roundTrip, Access left, Access right)
    {
        using var scenario = new IceScenario(1, roundTrip);
        Prepare(scenario, scenario.PlaceLeft(left), scenario.PlaceRight(right), WithTurn, strategy);
        scenario.Gather();
        scenario.ToLeft.Filter = scenario.ToRight.Filter = static signal
            => signal.Parameters is not null || signal.Candidate?.Type == CandidateType.Relayed ? signal : null;
        scenario.Exchange();
        if (scenario.FirstUsable() is null || IsDirect(scenario.Left) || IsDirect(scenario.Right))
        {
            return null;
        }

        Instant relayed = scenario.Simulator.Now;
        foreach (SignalPath path in (SignalPath[])[scenario.ToLeft, scenario.ToRight])
        {
            path.Said.Where(static signal => signal.Parameters is null && signal.Candidate?.Type != CandidateType.Relayed).ToList().ForEach(path.Deliver);
        }

        return scenario.Becomes(() => IsDirect(scenario.Left) && IsDirect(scenario.Right), 30) ? scenario.Simulator.Now - relayed : null;
    }

    /// <summary>Everything is signaled at once, and the first pair may be any.</summary>
    /// <returns>How long after the first usable pair data went directly on both sides.</returns>
    public static TimeSpan? DirectAfterFirst(IceStrategy strategy, double roundTrip, Access left, Access right)
    {
        using var scenario = new IceScenario(1, roundTrip);
        Exchange(scenario, scenario.PlaceLeft(left), scenario.PlaceRight(right), WithTurn, strategy);
        if (scenario.FirstUsable() is null)
        {
            return null;
        }

        Instant first = scenario.Left.UsableAt < scenario.Right.UsableAt ? scenario.Left.UsableAt!.Value : scenario.Right.UsableAt!.Value;
        return scenario.Becomes(() => IsDirect(scenario.Left) && IsDirect(scenario.Right), 30) ? scenario.Simulator.Now - first : null;
    }

    public static double? Quantile(TimeSpan?[] results, double share)
    {
        TimeSpan?[] sorted = [.. results.OrderBy(static result => result ?? TimeSpan.MaxValue)];
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))]?.TotalMilliseconds;
    }

    private static void Prepare(IceScenario scenario, VirtualHost left, VirtualHost right, VirtualIceAgentOptions options, IceStrategy strategy)
        => scenario.Prepare(left, right, options with { Agent = options.Agent with { Strategy = strategy } });

    private static void Exchange(IceScenario scenario, VirtualHost left, VirtualHost right, VirtualIceAgentOptions options, IceStrategy strategy)
    {
        Prepare(scenario, left, right, options, strategy);
        scenario.Gather();
        scenario.Exchange();
    }

    /// <summary>Twenty candidates go before the first one, all with a higher priority.</summary>
    private static VirtualSignal? Precede(SignalPath path, VirtualSignal signal, DeadCandidates where)
    {
        if (signal.Candidate is not { } real)
        {
            return signal;
        }

        for (int i = 0; i < 20; i++)
        {
            string address = where switch
            {
                DeadCandidates.OneNetwork => string.Create(CultureInfo.InvariantCulture, $"100.70.1.{i + 1}:40000"),
                DeadCandidates.PrivateNetworks => string.Create(CultureInfo.InvariantCulture, $"{(i < 14 ? $"172.{17 + i}.0.1" : $"10.{i}.3.1")}:40000"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{20 + i}.{i}.7.1:40000"),
            };
            path.Deliver(new VirtualSignal
            {
                Candidate = real with { Address = At(address), Priority = real.Priority + 256 + ((uint)i * 256), Foundation = string.Create(CultureInfo.InvariantCulture, $"dead{i}") },
            });
        }

        return signal;
    }
}
