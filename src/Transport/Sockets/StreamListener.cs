using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Accepts TCP connections and has each served on its own.</summary>
internal sealed class StreamListener : IAsyncDisposable
{
    private static readonly TimeSpan AcceptBackoff = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly IStreamService _service;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly RunningTasks _connections = new();
    private Task _accepting = Task.CompletedTask;
    private bool _disposed;

    public StreamListener(Socket socket, IStreamService service, TimeProvider timeProvider)
    {
        _socket = socket;
        _service = service;
        _timeProvider = timeProvider;
    }

    public static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            // No ReuseAddress: the runtime lets a restarted server have its port back while old connections linger, and the option would share
            // the port with another server that listens on it.
            socket.Bind(endPoint);
            socket.Listen(256);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start() => _accepting = AcceptAsync();

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        await _connections.WaitAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                Admit(socket);
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // Out of descriptors, or a connection that was gone before it was accepted: neither may end the listener, nor spin.
                _service.CountConnection("accept-failed");
                await PauseAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(AcceptBackoff, _timeProvider, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it too.
        }
    }

    private void Admit(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote || !_service.TryAdmit(TransportAddress.FromIPEndPoint(remote).Unmapped))
        {
            _service.CountConnection("over-limit");
            socket.Dispose();
            return;
        }

        _service.CountConnection("accepted");
        _connections.Add(Task.Run(() => ServeAsync(socket, TransportAddress.FromIPEndPoint(remote).Unmapped)));
    }

    private async Task ServeAsync(Socket socket, TransportAddress remote)
    {
        try
        {
            await _service.ServeAsync(socket, remote, _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            _service.Release(remote);
            socket.Dispose();
        }
    }
}
