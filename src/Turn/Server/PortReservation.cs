using Stack.Stun;

namespace Stack.Turn;

/// <summary>A port that EVEN-PORT has reserved for another allocation of the same account.</summary>
/// <param name="Relay">The relay address.</param>
/// <param name="Port">The port.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Expires">Until when.</param>
internal readonly record struct PortReservation(RelayAddress Relay, int Port, string Account, Instant Expires);
