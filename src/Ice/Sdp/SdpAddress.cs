using System.Net;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Addresses as SDP writes them: without port, brackets and zone.</summary>
internal static class SdpAddress
{
    public static string Format(TransportAddress address)
    {
        IPAddress plain = (address.ScopeId == 0 ? address : TransportAddress.FromIPv6(address.Bits, 0)).ToIPAddress();
        return plain.ToString();
    }

    /// <summary>The <c>addrtype</c> of RFC 4566 section 5.7.</summary>
    public static string TypeOf(TransportAddress address) => address.Family == StunAddressFamily.IPv6 ? "IP6" : "IP4";
}
