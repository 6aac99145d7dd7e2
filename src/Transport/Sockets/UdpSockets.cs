using System;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Opens UDP sockets of one family.</summary>
internal static class UdpSockets
{
    /// <summary>No datagram fills this, so one that does would have been cut.</summary>
    public const int ReceiveBufferSize = 65536;

    private const int SioUdpConnReset = -1744830452;

    public static Socket Open(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        // Without this, Windows ends a receive when an earlier send met a closed port.
        if (OperatingSystem.IsWindows())
        {
            socket.IOControl(SioUdpConnReset, [0], null);
        }

        return socket;
    }

    /// <summary>The local address that packets to a destination leave from, as the routing table has it now.</summary>
    public static IPAddress GetSourceAddress(IPEndPoint destination)
    {
        using Socket probe = Open(destination.AddressFamily);
        probe.Connect(destination);
        return ((IPEndPoint)probe.LocalEndPoint!).Address;
    }

    public static TransportAddress GetLocal(Socket socket) => TransportAddress.FromIPEndPoint((IPEndPoint)socket.LocalEndPoint!);

    /// <summary>
    /// Whether an error leaves the socket as it was: what the network causes (all kinds of ICMP errors among it) and what the system lacks
    /// for the moment. Only those of a socket that is closed or none are final.
    /// </summary>
    public static bool IsTransient(SocketError error) => error
        is not (SocketError.OperationAborted or SocketError.Interrupted or SocketError.NotSocket or SocketError.Shutdown);
}
