namespace Stack.Stun;

/// <summary>Bytes that are to be sent; they stand at the start of the buffer that the caller lent.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="Length">How many bytes of the buffer.</param>
public readonly record struct StunTransmit(TransportAddress Destination, int Length);
