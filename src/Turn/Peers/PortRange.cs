namespace Stack.Turn;

/// <summary>A range of ports.</summary>
/// <param name="First">The first port, 1 to 65535.</param>
/// <param name="Last">The last port, inclusive.</param>
public readonly record struct PortRange(int First, int Last);
