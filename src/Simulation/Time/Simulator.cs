using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>
/// A simulation: virtual time, the randomness of one seed, and the networks, routers and hosts that live in them. The same seed and the same
/// calls give the same run, packet for packet, on every machine.
/// </summary>
/// <remarks>
/// Single-threaded: everything happens within <see cref="Step"/> and the calls made of it, in the order of time and then of scheduling. No handler
/// is ever called from within the call that caused it. Many simulations can run in parallel, each on its own thread.
/// </remarks>
public sealed class Simulator
{
    private readonly EventQueue _queue = new();
    private readonly long[] _fates = new long[Enum.GetValues<PacketFate>().Length];
    private readonly PacketPool _pool = new();

    /// <summary>Starts at <see cref="Instant.Zero"/> with an empty internet.</summary>
    /// <param name="seed">The seed: everything random follows from it.</param>
    /// <param name="trace">What packets are recorded in; null for nothing, which is faster.</param>
    public Simulator(ulong seed, PacketTrace? trace = null)
    {
        Seed = seed;
        Trace = trace;
        Random = new SimulationRandom(seed);
        Internet = new Network(this, "internet");
    }

    /// <summary>The seed, to be printed with a failure.</summary>
    public ulong Seed { get; }

    /// <summary>The time. Hosts have clocks of their own, which can leap ahead of it.</summary>
    public Instant Now { get; private set; }

    /// <summary>The randomness of the simulation; fork it for a part that shall not be moved by others.</summary>
    public SimulationRandom Random { get; }

    /// <summary>The network in the middle, with public addresses, which has no way out of it.</summary>
    public Network Internet { get; }

    /// <summary>What packets are recorded in; null for nothing.</summary>
    public PacketTrace? Trace { get; }

    /// <summary>How many events have happened.</summary>
    public long Steps { get; private set; }

    /// <summary>When the next event happens; null where none is left.</summary>
    public Instant? Next => _queue.Count == 0 ? null : new Instant(_queue.NextTicks);

    /// <summary>Makes another network: a home, an office, a carrier.</summary>
    /// <param name="name">Its name in traces.</param>
    public Network CreateNetwork(string name) => new(this, name);

    /// <summary>Makes a host without interfaces.</summary>
    /// <param name="name">Its name in traces.</param>
    public VirtualHost CreateHost(string name) => new(this, name);

    /// <summary>How many packets have met a fate.</summary>
    /// <param name="fate">The fate.</param>
    public long CountOf(PacketFate fate) => _fates[(int)fate];

    /// <summary>Has something happen later.</summary>
    /// <param name="delay">Zero or more; with zero it happens behind all that is due now.</param>
    /// <param name="action">What.</param>
    public void Schedule(TimeSpan delay, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Push((Now + delay).Ticks, new ScheduledAction(action));
    }

    /// <summary>Lets the next event happen.</summary>
    /// <returns>False where there is none.</returns>
    public bool Step()
    {
        if (_queue.Count == 0)
        {
            return false;
        }

        Now = new Instant(_queue.NextTicks);
        Steps++;
        _queue.Pop().Fire();
        return true;
    }

    /// <summary>Lets everything happen that is due up to a time, and goes to that time.</summary>
    /// <param name="end">The time; one that is past changes nothing.</param>
    public void RunUntil(Instant end)
    {
        while (_queue.Count != 0 && _queue.NextTicks <= end.Ticks)
        {
            Step();
        }

        Now = end > Now ? end : Now;
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="duration">How much of it.</param>
    public void RunFor(TimeSpan duration) => RunUntil(Now + duration);

    /// <summary>Runs until a condition holds, which is asked after each event.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="limit">How much time may pass.</param>
    /// <returns>False where the time has passed, or nothing is left that could happen; <see cref="Now"/> is at the limit then.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Instant end = Now + limit;
        while (!condition())
        {
            if (_queue.Count == 0 || _queue.NextTicks > end.Ticks)
            {
                Now = end;
                return false;
            }

            Step();
        }

        return true;
    }

    /// <summary>The seed, the time, and how many packets met which fate.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        foreach (PacketFate fate in Enum.GetValues<PacketFate>())
        {
            if (CountOf(fate) != 0)
            {
                parts.Add($"{fate} {CountOf(fate)}");
            }
        }

        return $"seed {Seed} at {Now}: {string.Join(", ", parts)}";
    }

    internal void Push(long ticks, SimulationEvent subject) => _queue.Push(ticks, subject);

    internal Packet Rent() => _pool.Rent();

    /// <summary>Counts and records what became of a packet, which lives on.</summary>
    internal void Note(PacketFate fate, string place, Packet packet)
    {
        _fates[(int)fate]++;
        Trace?.Add(Now, fate, place, packet);
    }

    /// <summary>Takes back a packet whose end has been noted.</summary>
    internal void Recycle(Packet packet) => _pool.Return(packet);

    /// <summary>The end of a packet.</summary>
    internal void End(PacketFate fate, string place, Packet packet)
    {
        Note(fate, place, packet);
        _pool.Return(packet);
    }
}
