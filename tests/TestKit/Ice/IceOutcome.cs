using System;
using System.Globalization;

namespace Stack.TestKit;

/// <summary>How an <see cref="IceDuel"/> ended.</summary>
/// <param name="First">The side of the first client.</param>
/// <param name="Second">The side of the second client.</param>
public sealed record IceOutcome(IceSide First, IceSide Second)
{
    /// <summary>Whether both sides succeeded.</summary>
    public bool Connected => First.Succeeded && Second.Succeeded;

    /// <summary>Whether a relayed candidate is part of the path that either side named.</summary>
    public bool Relayed => First.Local == "relay" || First.Remote == "relay" || Second.Local == "relay" || Second.Remote == "relay";

    /// <summary>The time to connected of the slower side, in milliseconds; null unless both connected.</summary>
    public double? ConnectMs => First.ConnectMs is double first && Second.ConnectMs is double second ? Math.Max(first, second) : null;

    /// <summary>One line for a table: the types at both ends and the two times, or the reason.</summary>
    public string Summary => Connected
        ? string.Create(CultureInfo.InvariantCulture, $"{First.Local}/{First.Remote} {First.ConnectMs:0.0} {Second.ConnectMs:0.0}")
        : $"failed: {First.Reason ?? "-"} | {Second.Reason ?? "-"}";

    /// <inheritdoc/>
    public override string ToString() => $"{Summary}\n{First.Run}\n{Second.Run}";
}
