using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The four sockets of NAT behaviour discovery (RFC 5780 section 6).</summary>
internal static class DiscoverySockets
{
    private const int MaxTries = 16;

    /// <summary>Checks that two endpoints can be the primary and the alternate one.</summary>
    public static void Check(IPEndPoint primary, IPEndPoint alternate, string parameterName)
    {
        if (ListenAddresses.IsAny(alternate.Address) || ListenAddresses.IsAny(primary.Address) || alternate.Address.Equals(primary.Address))
        {
            throw new ArgumentException(
                "The UDP listener and the alternate must be two different addresses of this machine (RFC 5780 section 6).",
                parameterName);
        }

        if (alternate.Port == primary.Port && alternate.Port != 0)
        {
            throw new ArgumentException("The alternate must have another port too (RFC 5780 section 6).", parameterName);
        }
    }

    /// <summary>Binds the same two ports on both addresses; where they are free ones, some picks may be taken on the other address.</summary>
    public static Socket[] Open(IPEndPoint primary, IPEndPoint alternate, Func<IPEndPoint, Socket> bind, out AlternateAddresses addresses)
    {
        for (int tries = 1; ; tries++)
        {
            var sockets = new List<Socket>();
            try
            {
                sockets.Add(bind(primary));
                int primaryPort = UdpSockets.GetLocal(sockets[0]).Port;
                sockets.Add(bind(alternate));
                int alternatePort = UdpSockets.GetLocal(sockets[1]).Port;
                addresses = new AlternateAddresses(UdpSockets.GetLocal(sockets[0]), UdpSockets.GetLocal(sockets[1]));
                sockets.Add(bind(new IPEndPoint(primary.Address, alternatePort)));
                sockets.Add(bind(new IPEndPoint(alternate.Address, primaryPort)));
                return [.. sockets];
            }
            catch (Exception error) when (error is SocketException or ArgumentException)
            {
                sockets.ForEach(socket => socket.Dispose());
                bool picked = primary.Port == 0 || alternate.Port == 0;
                if (!picked || tries == MaxTries)
                {
                    throw;
                }
            }
        }
    }
}
