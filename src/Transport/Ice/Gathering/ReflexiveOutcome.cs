using Stack.Stun;

namespace Stack.Transport;

/// <summary>What a STUN server has said about a base.</summary>
/// <param name="Server">The server.</param>
/// <param name="Mapped">The address that it sees; the default value where it gave none.</param>
/// <param name="Problem">Why it gave none; null where it did.</param>
internal readonly record struct ReflexiveOutcome(TransportAddress Server, TransportAddress Mapped, string? Problem);
