using System;
using System.Linq;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The networks that are denied unless the operator allows them: whatever is not the public internet, and addresses in it that only the machines
/// of one provider can reach. Of IPv6 all but 2000::/3 is denied, so only the exceptions inside it are listed.
/// </summary>
internal static class DeniedNetworks
{
    private static readonly AddressSet Listed = new(new[]
    {
        "0.0.0.0/8", // this network
        "10.0.0.0/8", // private use
        "100.64.0.0/10", // shared by carriers; 100.100.100.200 is a metadata service
        "127.0.0.0/8", // loopback
        "169.254.0.0/16", // link-local; 169.254.169.254 is a metadata service
        "172.16.0.0/12", // private use
        "192.0.0.0/24", // protocol assignments; 192.0.0.192 is a metadata service
        "192.0.2.0/24", // documentation
        "192.31.196.0/24", // AS112
        "192.52.193.0/24", // AMT
        "192.88.99.0/24", // 6to4 relays
        "192.168.0.0/16", // private use
        "192.175.48.0/24", // AS112
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "224.0.0.0/4", // multicast
        "240.0.0.0/4", // reserved, and broadcast
        "168.63.129.16/32", // a provider's service for its virtual machines, in a public range
        "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32", // documentation
        "2002::/16", // 6to4
        "2620:4f:8000::/48", // AS112
        "3ffe::/16", // the 6bone that was
        "3fff::/20", // documentation
    }.Select(Parse));

    /// <summary>Whether an address is denied unless the operator allows it.</summary>
    /// <param name="address">The address, unmapped.</param>
    public static bool Contain(TransportAddress address)
        => Listed.Contains(address) || (address.Family == StunAddressFamily.IPv6 && address.Bits >> 125 != 1);

    /// <summary>Whether an IPv4 address is denied unless the operator allows it.</summary>
    /// <param name="address">The address.</param>
    public static bool ContainIPv4(uint address) => Listed.ContainsIPv4(address);

    private static AddressPrefix Parse(string text)
        => AddressPrefix.TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException(text);
}
