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

    // Below the ports that Linux hands out by itself: nobody gets one of these between the look and the use.
    private const int LowestPort = 20000;
    private const int HighestPort = 32000;

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
                int first = Random.Shared.Next(LowestPort, HighestPort);
                int[] block = Enumerable.Range(first, count).ToArray();
                if (!block.Any(Taken.Contains)
                    && addresses.All(address => block.All(port => IsFree(address, port))))
                {
                    Taken.UnionWith(block);
                    return first;
                }
            }
        }

        throw new InvalidOperationException($"No {count} free ports side by side.");
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
