namespace Stack.Fuzz.Model;

/// <summary>The odd port of a pair, waiting to be claimed.</summary>
internal sealed record ModelReservation(ModelRelayAddress Address, int Port, string Account, long Expires);
