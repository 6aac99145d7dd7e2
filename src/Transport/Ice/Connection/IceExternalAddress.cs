using System.Net;

namespace Stack.Transport;

/// <summary>A 1:1 mapping that a NAT is known to make without a STUN server telling: same port, other address.</summary>
/// <param name="External">The address that peers see.</param>
/// <param name="Internal">The local address behind it; null for all local addresses of the same family.</param>
public sealed record IceExternalAddress(IPAddress External, IPAddress? Internal = null);
