using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The UDP sockets that answer for one another: one, or the four of RFC 5780. Each has a thread that blocks in receive, which costs less per
/// datagram than an asynchronous receive.
/// </summary>
internal sealed class UdpBindingListener : IAsyncDisposable
{
    private readonly BindingResponder _responder;
    private readonly StunServerMetrics _metrics;
    private readonly List<(TransportAddress Local, Socket Socket)> _sockets;
    private readonly List<Task> _loops = [];
    private volatile bool _stopping;

    public UdpBindingListener(IReadOnlyList<Socket> sockets, BindingResponder responder, StunServerMetrics metrics)
    {
        _responder = responder;
        _metrics = metrics;
        _sockets = [];
        foreach (Socket socket in sockets)
        {
            _sockets.Add((UdpSockets.GetLocal(socket), socket));
        }
    }

    public static Socket Bind(IPEndPoint endPoint)
    {
        Socket socket = UdpSockets.Open(endPoint.AddressFamily);
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start()
    {
        foreach ((TransportAddress local, Socket socket) in _sockets)
        {
            _loops.Add(Task.Factory.StartNew(
                () => Run(local, socket),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        foreach ((_, Socket socket) in _sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_loops).ConfigureAwait(false);
    }

    private void Run(TransportAddress local, Socket socket)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(UdpSockets.ReceiveBufferSize);
        byte[] response = new byte[UdpSockets.ReceiveBufferSize];
        var source = new SocketAddress(socket.AddressFamily);
        while (!_stopping)
        {
            try
            {
                int length = socket.ReceiveFrom(buffer, SocketFlags.None, source);

                // A datagram that fills the buffer was cut: what is left of it is not what was sent.
                if (length == buffer.Length)
                {
                    _metrics.CountTruncated("udp");
                }
                else
                {
                    Answer(buffer.AsSpan(0, length), source, local, socket, response);
                }
            }
            catch (SocketException error) when (!_stopping && UdpSockets.IsTransient(error.SocketErrorCode))
            {
                // An ICMP error about an earlier reply says nothing about the socket.
                _metrics.CountSendFailure();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception) when (!_stopping)
            {
                // A defect of ours that one datagram brings to light must not silence the server for everybody else.
                _metrics.CountFault();
            }
        }
    }

    private void Answer(ReadOnlySpan<byte> datagram, SocketAddress source, TransportAddress local, Socket socket, Span<byte> response)
    {
        TransportAddress client = SocketAddressConversion.ToTransportAddress(source);
        if (!_responder.TryRespond(datagram, client, local, StunTransport.Udp, response, out BindingReply reply))
        {
            return;
        }

        if (reply.Destination != client)
        {
            SocketAddressConversion.Write(reply.Destination, source);
        }

        Socket from = reply.Origin == local ? socket : Find(reply.Origin) ?? socket;
        from.SendTo(response[..reply.Length], SocketFlags.None, source);
    }

    private Socket? Find(TransportAddress origin)
    {
        foreach ((TransportAddress local, Socket socket) in _sockets)
        {
            if (local == origin)
            {
                return socket;
            }
        }

        return null;
    }
}
