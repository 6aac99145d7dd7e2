namespace Stack.Turn;

/// <summary>Names a connection between server and peer (RFC 6062 section 6.2.1).</summary>
/// <param name="Value">Any 32-bit value.</param>
public readonly record struct ConnectionId(uint Value);
