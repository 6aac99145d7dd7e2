namespace Stack.Turn;

/// <summary>A relay socket that has just been opened.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Address">The address it is on.</param>
/// <param name="Port">Its port.</param>
internal readonly record struct OpenedRelay(RelayId Id, RelayAddress Address, int Port);
