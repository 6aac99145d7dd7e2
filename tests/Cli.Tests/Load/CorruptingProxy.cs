using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Stack.Cli.Tests;

/// <summary>Stands between one client and a server, and changes the last byte of what goes to the server, where it is ChannelData.</summary>
internal sealed class CorruptingProxy : IDisposable
{
    private readonly Socket _near = Bind();
    private readonly Socket _far = Bind();
    private readonly IPEndPoint _server;
    private volatile IPEndPoint? _client;

    public CorruptingProxy(IPEndPoint server)
    {
        _server = server;
        _ = ForwardAsync(_near, isNear: true);
        _ = ForwardAsync(_far, isNear: false);
    }

    public string Address => _near.LocalEndPoint!.ToString()!;

    /// <summary>Whether it changes anything.</summary>
    public bool Corrupts { get; init; } = true;

    /// <summary>Is called for each ChannelData message of the client.</summary>
    public Action OnChannelData { get; init; } = static () => { };

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ForwardAsync(Socket from, bool isNear)
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                Memory<byte> datagram = buffer.AsMemory(0, received.ReceivedBytes);
                if (!isNear)
                {
                    await _near.SendToAsync(datagram, _client!);
                    continue;
                }

                _client = (IPEndPoint)received.RemoteEndPoint;
                if (buffer[0] is >= 0x40 and < 0x80)
                {
                    datagram.Span[^1] ^= (byte)(Corrupts ? 1 : 0);
                    OnChannelData();
                }

                await _far.SendToAsync(datagram, _server);
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
