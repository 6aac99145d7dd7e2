using System.Net;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One address to contact a TURN server at, and how.</summary>
/// <param name="EndPoint">Address and port. IPv4 addresses are always of the IPv4 family, never mapped into IPv6.</param>
/// <param name="Transport">The transport.</param>
/// <param name="HostName">The host that was asked for: what a TLS certificate has to name, whatever DNS pointed to.</param>
/// <param name="Source">How the address was come by.</param>
public sealed record TurnServerAddress(IPEndPoint EndPoint, StunTransport Transport, string HostName, StunServerAddressSource Source);
