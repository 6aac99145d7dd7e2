using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The interfaces of the operating system.</summary>
internal sealed class SystemInterfaceAddresses : IInterfaceAddresses
{
    public static readonly SystemInterfaceAddresses Instance = new();

    private const string LinuxTable = "/proc/net/if_inet6";

    public IReadOnlyList<IceInterfaceAddress> List()
    {
        var addresses = new List<IceInterfaceAddress>();
        NetworkInterface[] interfaces;
        try
        {
            interfaces = NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            return addresses;
        }

        Dictionary<UInt128, InterfaceAddressFlags> flags = ReadLinuxFlags();
        foreach (NetworkInterface candidate in interfaces)
        {
            try
            {
                if (candidate.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                {
                    Add(candidate, flags, addresses);
                }
            }
            catch (NetworkInformationException)
            {
                // It has gone while we looked; one interface does not spoil the others.
            }
        }

        return addresses;
    }

    private static void Add(NetworkInterface from, Dictionary<UInt128, InterfaceAddressFlags> flags, List<IceInterfaceAddress> addresses)
    {
        foreach (UnicastIPAddressInformation entry in from.GetIPProperties().UnicastAddresses)
        {
            if (entry.Address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            {
                continue;
            }

            var address = TransportAddress.FromIPAddress(entry.Address, 0);
            InterfaceAddressFlags flag = OperatingSystem.IsWindows() ? ReadWindowsFlags(entry) : flags.GetValueOrDefault(address.Bits);
            addresses.Add(new IceInterfaceAddress
            {
                InterfaceName = from.Name,
                Address = address,
                PrefixLength = entry.PrefixLength,
                IsTemporary = flag.HasFlag(InterfaceAddressFlags.Temporary),
                IsUnusable = (flag & (InterfaceAddressFlags.DuplicateFound | InterfaceAddressFlags.Deprecated | InterfaceAddressFlags.Tentative)) != InterfaceAddressFlags.None,
                IsTunnel = from.NetworkInterfaceType is NetworkInterfaceType.Tunnel or NetworkInterfaceType.Ppp
                    || from.Name.StartsWith("tun", StringComparison.Ordinal)
                    || from.Name.StartsWith("utun", StringComparison.Ordinal)
                    || from.Name.StartsWith("wg", StringComparison.Ordinal),
                IsWireless = from.NetworkInterfaceType is NetworkInterfaceType.Wireless80211 or NetworkInterfaceType.Wwanpp or NetworkInterfaceType.Wwanpp2
                    || from.Name.StartsWith("wl", StringComparison.Ordinal)
                    || from.Name.StartsWith("wwan", StringComparison.Ordinal),
            });
        }
    }

    private static InterfaceAddressFlags ReadWindowsFlags(UnicastIPAddressInformation entry)
    {
        if (!OperatingSystem.IsWindows() || entry.Address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return InterfaceAddressFlags.None;
        }

        InterfaceAddressFlags flags = entry.SuffixOrigin == SuffixOrigin.Random && entry.AddressPreferredLifetime < entry.DhcpLeaseLifetime
            ? InterfaceAddressFlags.Temporary
            : InterfaceAddressFlags.None;
        return entry.DuplicateAddressDetectionState switch
        {
            DuplicateAddressDetectionState.Deprecated => flags | InterfaceAddressFlags.Deprecated,
            DuplicateAddressDetectionState.Tentative => flags | InterfaceAddressFlags.Tentative,
            DuplicateAddressDetectionState.Duplicate or DuplicateAddressDetectionState.Invalid => flags | InterfaceAddressFlags.DuplicateFound,
            _ => flags,
        };
    }

    // The framework does not tell on Linux. A line: address, index, prefix length, scope, flags, name; all but the last in hexadecimal digits.
    private static Dictionary<UInt128, InterfaceAddressFlags> ReadLinuxFlags()
    {
        var flags = new Dictionary<UInt128, InterfaceAddressFlags>();
        if (!OperatingSystem.IsLinux())
        {
            return flags;
        }

        try
        {
            foreach (string line in File.ReadLines(LinuxTable))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length >= 6
                    && UInt128.TryParse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 address)
                    && byte.TryParse(fields[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte flag))
                {
                    flags[address] = (InterfaceAddressFlags)flag;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without IPv6 there is no such file.
        }

        return flags;
    }
}
