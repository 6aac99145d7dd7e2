using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>A name server on loopback, UDP and TCP at one port, that says what the script says.</summary>
internal sealed class ScriptedDnsServer : IAsyncDisposable
{
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Exchange, IEnumerable<byte[]>> _script;
    private readonly Task _loops;

    /// <summary>Starts the server; the script gives the replies to one query, in their order, none for silence.</summary>
    public ScriptedDnsServer(Func<Exchange, IEnumerable<byte[]>> script)
    {
        _script = script;
        (_udp, _tcp) = BindBoth();
        _loops = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    public ConcurrentQueue<Exchange> Heard { get; } = [];

    /// <summary>Keeps a port on loopback where nobody listens: connected elsewhere, it refuses everybody else's datagrams.</summary>
    public static Socket ReserveClosedPort()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(IPAddress.Loopback, 9);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _loops;
        _stop.Dispose();
    }

    // A port that is free for UDP may be taken for TCP.
    private static (Socket Udp, Socket Tcp) BindBoth()
    {
        for (int tries = 1; ; tries++)
        {
            Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen();
                return (udp, tcp);
            }
            catch (SocketException) when (tries < 10)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[65536];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Exchange exchange = new(buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint, IsTcp: false);
                Heard.Enqueue(exchange);
                foreach (byte[] reply in _script(exchange))
                {
                    await _udp.SendToAsync(reply, received.RemoteEndPoint, _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket client = await _tcp.AcceptAsync(_stop.Token);
                byte[] buffer = new byte[65536];
                int length = 0;
                while (length < 2 || length < 2 + ((buffer[0] << 8) | buffer[1]))
                {
                    int more = await client.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                    length = more > 0 ? length + more : throw new SocketException((int)SocketError.ConnectionReset);
                }

                Exchange exchange = new(buffer[2..length], (IPEndPoint)client.RemoteEndPoint!, IsTcp: true);
                Heard.Enqueue(exchange);
                foreach (byte[] reply in _script(exchange))
                {
                    await client.SendAsync((byte[])[.. DnsWire.Word(reply.Length), .. reply], _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }
        }
    }

    /// <summary>One query as it came.</summary>
    internal sealed record Exchange(byte[] Query, IPEndPoint Client, bool IsTcp)
    {
        public string Name => DnsWire.NameOf(Query);

        public byte[] Answer(int type, params byte[][] contents) => DnsWire.Answer(Query, type, contents);
    }
}
