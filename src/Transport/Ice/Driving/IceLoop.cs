using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>What all agents of a process share, one for each source of time: a clock, a queue of alarms, and the pacer that keeps them 5 ms apart.</summary>
internal sealed class IceLoop
{
    private static readonly ConditionalWeakTable<TimeProvider, IceLoop> Loops = [];

    private IceLoop(TimeProvider timeProvider)
    {
        Clock = new MonotonicClock(timeProvider);
        Alarms = new AlarmQueue(Clock);
    }

    public MonotonicClock Clock { get; }

    public AlarmQueue Alarms { get; }

    /// <summary>RFC 8445 section 14.2: all transactions of all agents of an implementation are at least 5 ms apart.</summary>
    public CheckPacer Pacer { get; } = new();

    public RandomNumberGenerator Random { get; } = RandomNumberGenerator.Create();

    public static IceLoop Of(TimeProvider timeProvider) => Loops.GetValue(timeProvider, static time => new IceLoop(time));
}
