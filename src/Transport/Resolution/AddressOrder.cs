using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace Stack.Transport;

/// <summary>Orders and bounds the addresses of hosts that a resolver gave, best first.</summary>
internal static class AddressOrder
{
    /// <summary>The distinct addresses a server can have: mapped ones as IPv4; those of 0/8, multicast, reserved and broadcast ranges left out.</summary>
    public static List<IPAddress> Clean(IReadOnlyList<IPAddress> addresses)
    {
        HashSet<IPAddress> seen = [];
        List<IPAddress> clean = [];
        foreach (IPAddress address in addresses)
        {
            IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            if (IsUnicast(plain) && seen.Add(plain))
            {
                clean.Add(plain);
            }
        }

        return clean;
    }

    /// <summary>Alternates the families, starting with that of the first address (RFC 8305 section 4, First Address Family Count 1).</summary>
    public static List<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        Queue<IPAddress> first = new();
        Queue<IPAddress> second = new();
        foreach (IPAddress address in addresses)
        {
            (address.AddressFamily == addresses[0].AddressFamily ? first : second).Enqueue(address);
        }

        List<IPAddress> mixed = [];
        while (first.Count + second.Count > 0)
        {
            if (first.TryDequeue(out IPAddress? preferred))
            {
                mixed.Add(preferred);
            }

            if (second.TryDequeue(out IPAddress? other))
            {
                mixed.Add(other);
            }
        }

        return mixed;
    }

    /// <summary>Shares a bounded number of places among hosts: an equal part each, and what is left over to the first that has use for it.</summary>
    public static int[] Share(IReadOnlyList<int> wanted, int places)
    {
        int[] given = new int[wanted.Count];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = Math.Min(wanted[i], places / given.Length);
        }

        int left = places;
        foreach (int part in given)
        {
            left -= part;
        }

        for (int i = 0; i < given.Length; i++)
        {
            int more = Math.Min(left, wanted[i] - given[i]);
            given[i] += more;
            left -= more;
        }

        return given;
    }

    // 0.0.0.0 and :: are what blocking resolvers answer, and connecting there reaches this very host.
    private static bool IsUnicast(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
        }

        Span<byte> octets = stackalloc byte[4];
        return address.TryWriteBytes(octets, out _) && octets[0] is > 0 and < 224;
    }
}
