namespace Stack.Turn;

/// <summary>
/// The decision to send a peer's datagram on to the client. The header has been written in front of the data, and the padding behind it, in the
/// caller's buffer: nothing was copied.
/// </summary>
/// <param name="Path">The 5-tuple of the allocation.</param>
/// <param name="Offset">Where the message begins in the buffer.</param>
/// <param name="Length">Its length.</param>
public readonly record struct ClientForward(FiveTuple Path, int Offset, int Length);
