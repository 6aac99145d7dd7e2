using System;

namespace Stack.Stun;

/// <summary>
/// A point on a monotonic clock: the ticks (100 ns) since an origin that the owner of the loop chose. Instants of different clocks must not
/// be mixed; the core never reads a clock itself.
/// </summary>
/// <param name="Ticks">Ticks of 100 ns since the origin.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The origin of the clock.</summary>
    public static readonly Instant Zero;

    /// <summary>The time that has passed since the origin.</summary>
    public TimeSpan SinceOrigin => new(Ticks);

    /// <summary>The instant that lies <paramref name="duration"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration) => new(instant.Ticks + duration.Ticks);

    /// <summary>The instant that lies <paramref name="duration"/> earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan duration) => new(instant.Ticks - duration.Ticks);

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>; negative where left is the earlier one.</summary>
    public static TimeSpan operator -(Instant left, Instant right) => new(left.Ticks - right.Ticks);

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>The instant that lies <paramref name="duration"/> later.</summary>
    /// <param name="duration">Any duration.</param>
    public Instant Add(TimeSpan duration) => this + duration;

    /// <summary>The time since <paramref name="earlier"/>.</summary>
    /// <param name="earlier">An instant of the same clock.</param>
    public TimeSpan Subtract(Instant earlier) => this - earlier;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The seconds since the origin.</summary>
    public override string ToString() => SinceOrigin.ToString("c", System.Globalization.CultureInfo.InvariantCulture);
}
