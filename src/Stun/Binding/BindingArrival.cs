namespace Stack.Stun;

/// <summary>How a request came to the server.</summary>
/// <param name="Source">The client's address as the server sees it; an IPv4 address is not in IPv6 form.</param>
/// <param name="Local">The server's endpoint that received it.</param>
/// <param name="Reliable">Whether it came over TCP or TLS.</param>
/// <param name="Now">When it came.</param>
public readonly record struct BindingArrival(TransportAddress Source, TransportAddress Local, bool Reliable, Instant Now);
