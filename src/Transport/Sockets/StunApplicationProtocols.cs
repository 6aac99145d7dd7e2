using System.Net.Security;

namespace Stack.Transport;

/// <summary>The ALPN labels of STUN (RFC 7443 section 3).</summary>
internal static class StunApplicationProtocols
{
    public static readonly SslApplicationProtocol NatDiscovery = new("stun.nat-discovery");

    public static readonly SslApplicationProtocol Turn = new("stun.turn");
}
