using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Binds the sockets of a relay.</summary>
internal static class RelaySockets
{
    private const int Backlog = 32;

    /// <summary>A UDP socket that has its port for itself.</summary>
    public static Socket BindUdp(TransportAddress address)
    {
        var endPoint = address.ToIPEndPoint();
        return Bind(UdpSockets.Open(endPoint.AddressFamily), address);
    }

    /// <summary>Throws away what has come to a UDP socket so far, a bounded part of it.</summary>
    public static void Discard(Socket socket)
    {
        const int Most = 1024;
        Span<byte> waste = stackalloc byte[16];
        for (int taken = 0; taken < Most && socket.Poll(0, SelectMode.SelectRead); taken++)
        {
            socket.Receive(waste, SocketFlags.None, out _);
        }
    }

    /// <summary>A TCP socket that listens; connections to peers can be made from its port.</summary>
    public static Socket Listen(TransportAddress address)
    {
        Socket socket = Bind(OpenTcp(address), address);
        try
        {
            // Shared only now: it must not be bound where somebody else is.
            Share(socket);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A TCP socket on the port of one that listens.</summary>
    public static Socket BindBeside(TransportAddress address)
    {
        Socket socket = OpenTcp(address);
        try
        {
            Share(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return Bind(socket, address);
    }

    /// <summary>Lets other sockets of this process be bound to the same address and port.</summary>
    public static void Share(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        if (OperatingSystem.IsLinux())
        {
            Span<byte> one = stackalloc byte[sizeof(int)];
            MemoryMarshal.Write(one, 1);
            socket.SetRawSocketOption(LinuxCalls.LevelSocket, LinuxCalls.ReusePort, one);
        }
    }

    private static Socket OpenTcp(TransportAddress address)
    {
        var socket = new Socket(address.ToIPEndPoint().AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Family == StunAddressFamily.IPv6)
        {
            socket.DualMode = false;
        }

        return socket;
    }

    private static Socket Bind(Socket socket, TransportAddress address)
    {
        try
        {
            socket.Bind(address.ToIPEndPoint());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
