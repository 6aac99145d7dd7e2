using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>A socket that speaks to a server byte by byte.</summary>
internal static class RawClient
{
    public static Socket Udp(string address = "127.0.0.1")
    {
        // Who receives without a task to wait for waits no longer than a test may.
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience.Milliseconds };
        socket.Bind(new IPEndPoint(ip, 0));
        return socket;
    }

    public static async Task<(byte[] Bytes, IPEndPoint From)> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[65536];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, any);
        return (buffer[..result.ReceivedBytes], (IPEndPoint)result.RemoteEndPoint);
    }

    public static async Task<byte[]> AskAsync(Socket socket, IPEndPoint server, byte[]? request = null)
    {
        await socket.SendToAsync(request ?? Wire.Request(), server);
        return (await ReceiveAsync(socket)).Bytes;
    }

    public static async Task<Socket> TcpAsync(IPEndPoint server, string? from = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        }

        await socket.ConnectAsync(server);
        return socket;
    }

    /// <summary>Reads a whole message; empty where the connection has ended, with FIN or with RST.</summary>
    public static async Task<byte[]> ReadMessageAsync(Socket socket)
    {
        byte[] header = new byte[20];
        if (!await FillAsync(socket, header))
        {
            return [];
        }

        byte[] message = new byte[20 + (header[2] << 8) + header[3]];
        header.CopyTo(message, 0);
        return await FillAsync(socket, message.AsMemory(20)) ? message : [];
    }

    /// <summary>Waits for the end of the connection; false where the peer sends something instead.</summary>
    public static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return true;
        }
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer)
    {
        try
        {
            for (int filled = 0; filled < buffer.Length;)
            {
                int length = await socket.ReceiveAsync(buffer[filled..]);
                if (length == 0)
                {
                    return false;
                }

                filled += length;
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
