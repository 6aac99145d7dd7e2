using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>A TCP server that treats each connection as a test tells it, and closes it afterwards.</summary>
internal sealed class ScriptedStreamServer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Stream, IPEndPoint, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _loop;

    public ScriptedStreamServer(Func<Stream, IPEndPoint, CancellationToken, Task> serve)
    {
        _serve = serve;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        _loop = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public StunServerReference Reference => StunServerReference.Parse(EndPoint.ToString());

    /// <summary>Released once for each connection.</summary>
    public SemaphoreSlim Accepted { get; } = new(0);

    public static async Task<byte[]> ReadRequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] header = new byte[20];
        await stream.ReadExactlyAsync(header, cancellationToken);
        byte[] message = new byte[20 + (header[2] << 8) + header[3]];
        header.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(20), cancellationToken);
        return message;
    }

    /// <summary>Keeps the connection open until the test has ended.</summary>
    public static async Task HoldAsync(CancellationToken token)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = token.Register(() => end.TrySetCanceled(token));
        await end.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _loop;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
        Accepted.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _socket.AcceptAsync(_stopping.Token);
                _connections.Add(ServeAsync(socket));
                Accepted.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(stream, (IPEndPoint)socket.RemoteEndPoint!, _stopping.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has gone or the test has ended.
        }
    }
}
