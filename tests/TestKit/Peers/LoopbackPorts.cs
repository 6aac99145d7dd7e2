using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Stack.TestKit;

/// <summary>Ports for foreign servers, which cannot be asked to bind port 0 and say which they got.</summary>
/// <remarks>None is handed out twice in one process: a server with SO_REUSEPORT would share it with another without a word.</remarks>
public static class LoopbackPorts
{
    private const int Attempts = 100;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    /// <summary>Finds ports side by side that are free for TCP and UDP on all of some addresses at this moment.</summary>
    /// <param name="addresses">Addresses of this machine.</param>
    /// <param name="count">How many ports.</param>
    /// <returns>The lowest of them.</returns>
    /// <exception cref="InvalidOperationException">There are none to be found.</exception>
    public static int Take(IReadOnlyList<IPAddress> addresses, int count)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        lock (Gate)
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                int first = BindAny(addresses[0]);
                int[] block = Enumerable.Range(first, count).ToArray();
                if (block[^1] <= IPEndPoint.MaxPort
                    && !block.Any(Taken.Contains)
                    && addresses.All(address => block.All(port => IsFree(address, port))))
                {
                    Taken.UnionWith(block);
                    return first;
                }
            }
        }

        throw new InvalidOperationException($"No {count} free ports side by side.");
    }

    private static int BindAny(IPAddress address)
    {
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using Socket tcp = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using Socket udp = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            tcp.Bind(new IPEndPoint(address, port));
            udp.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
