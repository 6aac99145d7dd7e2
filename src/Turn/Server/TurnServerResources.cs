using System;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// What the servers of all loops of a process share: quotas, relay ports, reservations, nonce keys, and the budgets of sources that have proven
/// nothing. Safe for concurrent use; nothing of it is touched on the relay path.
/// </summary>
public sealed class TurnServerResources
{
    /// <summary>Starts with nothing given out.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="replies">The replies that unproven sources may cause; null for no limit.</param>
    /// <param name="nonceKey">The secret that nonces are made with, 32 bytes; servers of a fleet share one.</param>
    /// <param name="startedAt">The wall-clock time at the origin of the loops' clock; asked once, so that a clock that is set changes nothing.</param>
    /// <param name="random">Randomness of cryptographic quality; safe for concurrent use.</param>
    public TurnServerResources(
        TurnServerLimits limits,
        ReplyRateLimit? replies,
        ReadOnlySpan<byte> nonceKey,
        DateTimeOffset startedAt,
        RandomNumberGenerator random)
    {
    }

    /// <summary>How many allocations live in all loops.</summary>
    public int AllocationCount => throw new NotImplementedException();

    /// <summary>How many relay ports are given out or reserved.</summary>
    public int PortsInUse => throw new NotImplementedException();

    /// <summary>Changes the limits for everything that is asked for from now on.</summary>
    /// <param name="limits">The limits. A changed port range counts for new allocations only.</param>
    /// <param name="replies">The replies that unproven sources may cause; null for no limit.</param>
    public void Reconfigure(TurnServerLimits limits, ReplyRateLimit? replies) => throw new NotImplementedException();
}
