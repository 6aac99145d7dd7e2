using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;

namespace Stack.Turn.Tests;

/// <summary>Networks as pairs of numbers, for a second opinion: shares no code with the product. Text goes through the framework's parser.</summary>
internal static class ReferenceNetworks
{
    public static readonly string[] IPv4Denied =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32",
    ];

    public static readonly string[] IPv6Denied =
    [
        "::/128", "::1/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001::/23", "2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28",
        "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20",
    ];

    private static readonly ConcurrentDictionary<string, (int Size, UInt128 First, UInt128 Last)> Ranges = new();

    public static (int Size, UInt128 First, UInt128 Last) Range(string text) => Ranges.GetOrAdd(text, Parse);

    public static UInt128 Number(ReadOnlySpan<byte> octets)
    {
        UInt128 number = 0;
        foreach (byte octet in octets)
        {
            number = (number * 256) + octet;
        }

        return number;
    }

    public static bool In(IEnumerable<string> networks, byte[] octets)
    {
        UInt128 number = Number(octets);
        return networks.Any(network =>
        {
            (int size, UInt128 first, UInt128 last) = Range(network);
            return size == octets.Length && number >= first && number <= last;
        });
    }

    private static (int Size, UInt128 First, UInt128 Last) Parse(string text)
    {
        string[] parts = text.Split('/');
        byte[] octets = IPAddress.Parse(parts[0]).GetAddressBytes();
        int length = int.Parse(parts[1], CultureInfo.InvariantCulture);
        byte[] last = [.. octets];
        for (int bit = length; bit < octets.Length * 8; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return (octets.Length, Number(octets), Number(last));
    }
}
