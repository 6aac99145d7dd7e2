using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Which addresses become host candidates (RFC 8445 section 5.1.1.1), the better interfaces first.</summary>
internal static class HostAddressSelection
{
    /// <summary>How many addresses a host gathers at most; a bound of ours.</summary>
    public const int MaxAddresses = 32;

    private const int NetworkBits = 64;
    private const int UnreliableRank = 10;

    /// <summary>Chooses, sorts, and gives each its local preference (RFC 8421 section 4).</summary>
    /// <param name="all">The addresses of the system.</param>
    /// <param name="filter">The caller's rule; null for leaving out what leads to containers and virtual machines.</param>
    /// <param name="allowsLoopback">Whether loopback addresses are taken, as tests need it.</param>
    public static List<HostAddress> Select(IEnumerable<IceInterfaceAddress> all, Func<IceInterfaceAddress, bool>? filter, bool allowsLoopback)
    {
        List<IceInterfaceAddress> usable =
        [
            .. all.Where(entry => IsAllowed(entry, allowsLoopback) && (filter?.Invoke(entry) ?? !InterfaceNoise.Contains(entry.InterfaceName))),
        ];
        List<IceInterfaceAddress> temporary = usable.FindAll(static entry => entry.IsTemporary);
        usable.RemoveAll(entry => !entry.IsTemporary && AllowsTracking(entry, temporary));
        return Prefer([.. usable.DistinctBy(static entry => entry.Address).OrderBy(Rank).Take(MaxAddresses)]);
    }

    private static bool IsAllowed(IceInterfaceAddress entry, bool allowsLoopback)
    {
        TransportAddress address = entry.Address;
        if (entry.IsUnusable || !address.IsUnicast() || address.Unmapped != address)
        {
            return false;
        }

        if (address.IsLoopback)
        {
            return allowsLoopback;
        }

        if (address.Family == StunAddressFamily.IPv4)
        {
            return !entry.IsLinkLocal;
        }

        bool isIPv4Compatible = address.Bits >> 32 == UInt128.Zero;
        bool isSiteLocal = (ulong)(address.Bits >> 118) == 0xFEC0 >> 6;
        return !isIPv4Compatible && !isSiteLocal;
    }

    // Where a temporary address is gathered, no other one of its network is, and no link-local one (RFC 8445 section 5.1.1.1).
    private static bool AllowsTracking(IceInterfaceAddress entry, List<IceInterfaceAddress> temporary)
        => entry.Address.Family == StunAddressFamily.IPv6
            && temporary.Exists(other => entry.IsLinkLocal
                || (other.InterfaceName == entry.InterfaceName && other.Address.Bits >> NetworkBits == entry.Address.Bits >> NetworkBits));

    private static List<HostAddress> Prefer(List<IceInterfaceAddress> sorted)
    {
        TransportAddress[] addresses = [.. sorted.Select(static entry => entry.Address)];
        int[] preferences = new int[addresses.Length];
        LocalPreference.Compute(addresses, sorted.Count(static entry => !IsUnreliable(entry)), preferences);
        return [.. sorted.Select((entry, at) => new HostAddress(entry.InterfaceName, entry.Address, preferences[at]))];
    }

    private static bool IsUnreliable(IceInterfaceAddress entry) => Rank(entry) >= UnreliableRank;

    private static int Rank(IceInterfaceAddress entry)
    {
        bool isUniqueLocal = entry.Address.Family == StunAddressFamily.IPv6 && (ulong)(entry.Address.Bits >> 121) == 0xFC >> 1;
        int rank = entry.IsLinkLocal ? 100 : 0;
        rank += isUniqueLocal ? 20 : 0;
        rank += entry.IsTunnel ? UnreliableRank : 0;
        rank += entry.IsWireless ? 4 : 0;
        return rank - (entry.IsTemporary ? 1 : 0);
    }

    private static bool IsUnicast(this TransportAddress address) => !address.IsUnspecified && (address.Family == StunAddressFamily.IPv4
        ? (uint)(address.Bits >> 24) is not 0 and < 224
        : address.Family == StunAddressFamily.IPv6 && (ulong)(address.Bits >> 120) != 0xFF);
}
