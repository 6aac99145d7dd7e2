using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>A UDP server that answers as a test tells it: any number of datagrams for each request.</summary>
internal sealed class ScriptedUdpServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Func<byte[], IPEndPoint, IEnumerable<byte[]>> _answer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public ScriptedUdpServer(Func<byte[], IPEndPoint, IEnumerable<byte[]>> answer, IPAddress? address = null, int port = 0)
    {
        _answer = answer;
        _socket = new Socket((address ?? IPAddress.Loopback).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, port));
        _loop = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public StunServerReference Reference => StunServerReference.Parse(EndPoint.ToString());

    public ConcurrentQueue<byte[]> Requests { get; } = [];

    /// <summary>Released once for each request.</summary>
    public SemaphoreSlim Received { get; } = new(0);

    public static ScriptedUdpServer Silent() => new(static (_, _) => []);

    public static ScriptedUdpServer Plain() => new(static (request, client) => [Wire.Success(request, client)]);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stopping.Dispose();
        Received.Dispose();
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                SocketReceiveFromResult result = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(EndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), _stopping.Token);
                byte[] request = buffer[..result.ReceivedBytes];
                Requests.Enqueue(request);
                foreach (byte[] datagram in _answer(request, (IPEndPoint)result.RemoteEndPoint))
                {
                    await _socket.SendToAsync(datagram, result.RemoteEndPoint);
                }

                Received.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
