using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A UDP socket that is connected to its server, so that the system filters by source and reports ICMP errors.</summary>
internal sealed class UdpLink : StunLink
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private ILinkSink? _sink;
    private Task _receiving = Task.CompletedTask;

    private UdpLink(Socket socket) => _socket = socket;

    public static UdpLink Open(IPEndPoint server, LinkOptions options)
    {
        Socket socket = UdpSockets.Open(server.AddressFamily);
        try
        {
            if (options.Local is { } local)
            {
                socket.Bind(local);
            }

            socket.Connect(server);
            return new UdpLink(socket)
            {
                Server = server,
                Local = (IPEndPoint)socket.LocalEndPoint!,
                Transport = StunTransport.Udp,
            };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override void Start(ILinkSink sink)
    {
        _sink = sink;
        _receiving = ReceiveAsync(sink);
    }

    public override bool Send(ReadOnlySpan<byte> message)
    {
        if (TrySend(message))
        {
            return true;
        }

        // An ICMP error about an earlier datagram is reported here too, and this one was then not sent.
        TrySend(message);
        return false;
    }

    // A datagram leaves at once or is dropped: there is nothing to wait for.
    public override ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!Send(message.Span))
        {
            _sink?.HandleUnreachable();
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private bool TrySend(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task ReceiveAsync(ILinkSink sink)
    {
        byte[] buffer = new byte[UdpSockets.ReceiveBufferSize];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer, _stopping.Token).ConfigureAwait(false);
                if (length < buffer.Length)
                {
                    sink.HandleDatagram(buffer.AsSpan(0, length));
                }
            }
            catch (SocketException error) when (UdpSockets.IsTransient(error.SocketErrorCode))
            {
                sink.HandleUnreachable();
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
