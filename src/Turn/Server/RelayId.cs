namespace Stack.Turn;

/// <summary>
/// Names a relay socket between a <see cref="TurnServer"/> and the loop that owns its sockets. Chosen by the server, never used again, unique
/// within the server.
/// </summary>
/// <param name="Value">Counts from 1.</param>
public readonly record struct RelayId(long Value);
