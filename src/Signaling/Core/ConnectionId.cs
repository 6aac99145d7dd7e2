using System.Globalization;

namespace Stack.Signaling;

/// <summary>One accepted socket, from <see cref="SignalingCore.Connect"/> to <see cref="SignalingCore.HandleClosed"/>. Never used twice.</summary>
/// <param name="Value">Its number, from 1; 0 is no connection.</param>
public readonly record struct ConnectionId(long Value)
{
    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
