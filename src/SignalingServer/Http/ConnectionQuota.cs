using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;

namespace Stack.Signaling.Server;

/// <summary>
/// How many connections of one address may be open that are no WebSocket yet: what somebody opens and says nothing on must not take the places of others.
/// An IPv6 /64 counts as one address.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ConnectionQuota(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>How many addresses have any.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>An address in its own family.</summary>
    public static IPAddress Unmap(IPAddress? address)
        => address is null ? IPAddress.Any : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>What an address counts as.</summary>
    public static IPAddress GetSource(IPAddress? remote)
    {
        IPAddress address = Unmap(remote);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        const int Prefix = 8;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(Prefix).Clear();
        return new IPAddress(bytes);
    }

    public bool TryTake(IPAddress source)
    {
        lock (_gate)
        {
            ref int open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, source, out _);
            if (open >= most)
            {
                return false;
            }

            open++;
            return true;
        }
    }

    public void Return(IPAddress source)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(source, out int open))
            {
                if (open == 1)
                {
                    _open.Remove(source);
                }
                else
                {
                    _open[source] = open - 1;
                }
            }
        }
    }
}
