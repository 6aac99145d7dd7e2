using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// Keeps the transactions of all agents that share it at least 5 ms apart, as though there were one global Ta (RFC 8445 section 14.2). Slots are
/// given in the order in which they are asked for, so that no agent starves. One loop owns it.
/// </summary>
public sealed class CheckPacer
{
    /// <summary>The least time between two transactions.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);

    private Instant _next = new(long.MinValue);

    /// <summary>Takes the next free slot.</summary>
    /// <param name="now">The time; the slot is not before it.</param>
    /// <returns>When the transaction may be sent. A slot that is not used is lost.</returns>
    public Instant Reserve(Instant now)
    {
        Instant slot = _next > now ? _next : now;
        _next = slot + Spacing;
        return slot;
    }
}
