using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Signaling.Server.Tests;

/// <summary>A way to a server that a test can cut: a process behind it is, for all others, one that was killed.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly int _target;
    private readonly Task _accepting;
    private bool _isCut;

    public CutProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks what is open and refuses what comes.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            _sockets.ForEach(static socket => socket.Dispose());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket inner = await _listener.AcceptSocketAsync();
                var outer = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                {
                    _sockets.AddRange([inner, outer]);
                    if (_isCut)
                    {
                        inner.Dispose();
                        outer.Dispose();
                        continue;
                    }
                }

                await outer.ConnectAsync(IPAddress.Loopback, _target);
                _ = CopyAsync(inner, outer);
                _ = CopyAsync(outer, inner);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException)
        {
            // Cut.
        }

        from.Dispose();
        to.Dispose();
    }
}
