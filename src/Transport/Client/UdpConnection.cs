using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A UDP socket that is connected to its server, so that the system filters by source and reports ICMP errors.</summary>
internal sealed class UdpConnection : StunConnection
{
    private readonly Socket _socket;
    private readonly TransactionDriver _driver;
    private readonly TransportAddress _server;
    private readonly CancellationTokenSource _stopping = new();
    private Task _receiving = Task.CompletedTask;

    private UdpConnection(Socket socket, TransportAddress server, StunClientOptions options)
    {
        _socket = socket;
        _server = server;
        _driver = new TransactionDriver(new TransactionTable(options.Schedule), new MonotonicClock(options.TimeProvider), Send, options.GetTrace(StunTransport.Udp));
    }

    public static UdpConnection Open(IPEndPoint server, StunClientOptions options)
    {
        Socket socket = UdpSockets.Open(server.AddressFamily);
        try
        {
            if (options.Local is { } local)
            {
                socket.Bind(local);
            }

            socket.Connect(server);
            var connection = new UdpConnection(socket, TransportAddress.FromIPEndPoint(server), options)
            {
                Server = server,
                Local = (IPEndPoint)socket.LocalEndPoint!,
                Transport = StunTransport.Udp,
            };
            connection._receiving = connection.ReceiveAsync();
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override Task<RequestTransaction> ExecuteAsync(
        ReadOnlyMemory<byte> request,
        IClientCredential? credential,
        CancellationToken cancellationToken)
        => _driver.ExecuteAsync(request, _server, credential, reliable: false, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        _driver.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private bool Send(ReadOnlySpan<byte> datagram, TransportAddress destination)
    {
        if (TrySend(datagram))
        {
            return true;
        }

        // An ICMP error about an earlier datagram is reported here too, and this one was then not sent.
        TrySend(datagram);
        return false;
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

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[UdpSockets.ReceiveBufferSize];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer, _stopping.Token).ConfigureAwait(false);
                if (length < buffer.Length)
                {
                    _driver.HandleDatagram(buffer.AsSpan(0, length), _server);
                }
            }
            catch (SocketException error) when (UdpSockets.IsTransient(error.SocketErrorCode))
            {
                _driver.HandleUnreachable(_server);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
