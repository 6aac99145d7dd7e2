using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Stack.Interop.Tests;

/// <summary>The peers of security.md section 2.1 that the defaults deny: of each network the first address, the last and one inside.</summary>
internal static class DeniedPeers
{
    private const string Networks4 =
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 "
        + "192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32 "
        + "168.63.129.16/32 169.254.169.254/32 100.100.100.200/32 192.0.0.192/32";

    // The first three are all that is not in 2000::/3. IPv4-mapped addresses are judged as what they are, IPv4 addresses: none but the ends of
    // their network is denied for being one.
    private const string Networks6 =
        "::/3 4000::/2 8000::/1 ::/128 ::1/128 ::/96 ::ffff:0:0/128 ::ffff:ffff:ffff/128 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 5f00::/16 "
        + "fc00::/7 fd00:ec2::254/128 fd20:ce::254/128 fe80::/10 fec0::/10 ff00::/8 2001::/23 2001::/32 2001:2::/48 2001:10::/28 2001:20::/28 "
        + "2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20";

    // Where the octets of an IPv4 address go, and what stands around them. ISATAP is under a prefix that is not denied by itself.
    private static readonly (string Around, int[] At, bool Inverted)[] Forms =
    [
        ("::ffff:0:0", [12, 13, 14, 15], false),
        ("::", [12, 13, 14, 15], false),
        ("::ffff:0:0:0", [12, 13, 14, 15], false),
        ("64:ff9b::", [12, 13, 14, 15], false),
        ("64:ff9b:1::", [6, 7, 9, 10], false),
        ("64:ff9b:1:7700::", [7, 9, 10, 11], false),
        ("64:ff9b:1:7777::", [9, 10, 11, 12], false),
        ("64:ff9b:1:7777::", [12, 13, 14, 15], false),
        ("2002::7", [2, 3, 4, 5], false),
        ("2001::", [4, 5, 6, 7], false),
        ("2001:0:c100:214::", [12, 13, 14, 15], true),
        ("2a00:d:1::5efe:0:0", [12, 13, 14, 15], false),
        ("2a00:d:1:0:200:5efe::", [12, 13, 14, 15], false),
    ];

    public static IReadOnlyList<IPAddress> IPv4 { get; } = [.. Expand(Networks4).Distinct()];

    /// <summary>The networks of IPv6, and each address of <see cref="IPv4"/> in each form that it can have in IPv6.</summary>
    public static IReadOnlyList<IPAddress> IPv6 { get; } = [.. Expand(Networks6).Concat(IPv4.SelectMany(Embed)).Distinct()];

    private static IEnumerable<IPAddress> Expand(string networks)
    {
        foreach (IPNetwork network in networks.Split(' ').Select(IPNetwork.Parse))
        {
            byte[] first = network.BaseAddress.GetAddressBytes();
            int width = first.Length * 8;
            UInt128 bits = first.Aggregate(UInt128.Zero, (sum, octet) => (sum << 8) | octet);
            UInt128 rest = network.PrefixLength == 0 ? UInt128.MaxValue : (UInt128.One << (width - network.PrefixLength)) - 1;
            foreach (UInt128 one in new[] { bits, bits + (rest / 2), bits + rest })
            {
                byte[] octets = new byte[16];
                BinaryPrimitives.WriteUInt128BigEndian(octets, one);
                yield return new IPAddress(octets.AsSpan(16 - first.Length));
            }
        }
    }

    private static IEnumerable<IPAddress> Embed(IPAddress address)
    {
        byte[] inner = address.GetAddressBytes();
        foreach ((string around, int[] at, bool inverted) in Forms)
        {
            byte[] octets = IPAddress.Parse(around).GetAddressBytes();
            for (int i = 0; i < at.Length; i++)
            {
                octets[at[i]] = (byte)(inverted ? ~inner[i] : inner[i]);
            }

            yield return new IPAddress(octets);
        }
    }
}
