using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>LIFETIME: how long the server keeps an allocation without a refresh, in seconds (RFC 8656 section 18.2).</summary>
public static class LifetimeAttribute
{
    /// <summary>Reads LIFETIME; any length but four is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="seconds">The lifetime in seconds, any 32-bit value.</param>
    public static StunAttributeStatus ReadLifetime(this scoped in StunMessage message, out uint seconds)
        => WordValue.Read(message, StunAttributeType.Lifetime, out seconds);

    /// <summary>Adds LIFETIME.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="lifetime">The lifetime; fractions of a second are cut off. 0 to 2^32 - 1 seconds.</param>
    /// <exception cref="ArgumentException">The lifetime is out of range, or the buffer is too small.</exception>
    public static void AddLifetime(this ref StunMessageWriter writer, TimeSpan lifetime)
    {
        long seconds = lifetime.Ticks / TimeSpan.TicksPerSecond;
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, uint.MaxValue, nameof(lifetime));
        writer.AddUInt32(StunAttributeType.Lifetime, (uint)seconds);
    }
}
