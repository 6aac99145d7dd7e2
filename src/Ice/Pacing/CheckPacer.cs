using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// Keeps the transactions of all agents that share it at least 5 ms apart, as though there were one global Ta (RFC 8445 section 14.2). Slots are
/// given in the order in which they are asked for, so that no agent starves. Safe for concurrent use: the agents of one process have many loops.
/// </summary>
public sealed class CheckPacer
{
    /// <summary>The least time between two transactions.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);

    private long _next = long.MinValue;

    /// <summary>Takes the next free slot.</summary>
    /// <param name="now">The time; the slot is not before it.</param>
    /// <returns>When the transaction may be sent. A slot that is not used is lost.</returns>
    public Instant Reserve(Instant now)
    {
        while (true)
        {
            long next = Interlocked.Read(ref _next);
            var slot = new Instant(Math.Max(next, now.Ticks));
            if (Interlocked.CompareExchange(ref _next, (slot + Spacing).Ticks, next) == next)
            {
                return slot;
            }
        }
    }
}
