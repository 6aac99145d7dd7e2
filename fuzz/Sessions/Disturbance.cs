using System;

namespace Stack.Fuzz.Sessions;

/// <summary>Something that happens to a session that goes on.</summary>
/// <param name="Kind">What.</param>
/// <param name="After">How long after what came before.</param>
/// <param name="Side">0 or 1: to whom.</param>
/// <param name="Length">How long it lasts, or how far a clock leaps.</param>
public sealed record Disturbance(DisturbanceKind Kind, TimeSpan After, int Side, TimeSpan Length)
{
    /// <inheritdoc/>
    public override string ToString() => $"+{After.TotalSeconds:F1} s {Kind} {(Side == 0 ? 'A' : 'B')} {Length.TotalSeconds:F1} s";
}
