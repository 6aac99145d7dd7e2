using System.Net;

namespace Stack.Transport;

/// <summary>One address to contact a server at.</summary>
/// <param name="EndPoint">Address and port. IPv4 addresses are always of the IPv4 family, never mapped into IPv6.</param>
/// <param name="HostName">
/// The host that was asked for, without brackets or trailing dot, in ASCII: what a TLS certificate has to name (RFC 8489 section 6.2.3).
/// With SRV records too it is the name asked for, not the target, because the DNS answer itself is not authenticated.
/// </param>
/// <param name="Source">How the address was come by.</param>
public sealed record StunServerAddress(IPEndPoint EndPoint, string HostName, StunServerAddressSource Source);
