using Stack.Stun;

namespace Stack.Turn;

/// <summary>A server that clients are sent to instead (RFC 8489 section 10).</summary>
/// <param name="Address">Its address and port. A client is only sent to one of the family that it came by.</param>
/// <param name="Domain">Its name for certificates, sent as ALTERNATE-DOMAIN to clients that use TLS; null for none.</param>
public sealed record AlternateServer(TransportAddress Address, string? Domain = null);
