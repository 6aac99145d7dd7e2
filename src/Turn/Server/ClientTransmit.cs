namespace Stack.Turn;

/// <summary>A message to a client that is not the reply to what was just received; it stands at the start of the buffer that the caller lent.</summary>
/// <param name="Path">Where to.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct ClientTransmit(FiveTuple Path, int Length);
