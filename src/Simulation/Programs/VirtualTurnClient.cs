using System;
using System.Buffers;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <summary>One allocation of the stack's TURN client on a host, over a UDP socket or a TCP connection of its own.</summary>
public sealed class VirtualTurnClient : IDisposable
{
    private const int MaxPayload = 65_536;

    private readonly VirtualHost _host;
    private readonly VirtualTimer _timer;
    private readonly VirtualSocket? _socket;
    private readonly VirtualConnection? _connection;
    private readonly FrameBuffer? _stream;
    private readonly StunStreamFramer _framer = new(65_552, allowChannelData: true);
    private byte[] _buffer = new byte[ClientAllocation.MaxRequestSize];
    private bool _draining;
    private bool _disposed;

    /// <summary>Opens the socket, or begins the connection; <see cref="Allocate"/> makes the allocation.</summary>
    /// <param name="host">The host.</param>
    /// <param name="local">An address of the host; with port 0 for a free one.</param>
    /// <param name="server">The server.</param>
    /// <param name="options">What is asked for, over which transport: UDP or TCP.</param>
    /// <exception cref="ArgumentException">The address is not one of the host, or the transport is another one.</exception>
    public VirtualTurnClient(VirtualHost host, TransportAddress local, TransportAddress server, ClientAllocationOptions options)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _host = host;
        Server = server;
        Allocation = new ClientAllocation(server, options, host.Random);
        _timer = host.CreateTimer(() =>
        {
            Allocation.HandleTimeout(_host.Now);
            Drain();
        });
        switch (options.Transport)
        {
            case StunTransport.Udp:
                _socket = host.BindUdp(local);
                _socket.Received = (_, source, payload) => Handle(payload, source);
                _socket.Unreachable = (_, _, _) =>
                {
                    Allocation.HandleUnreachable(_host.Now);
                    Drain();
                };
                break;
            case StunTransport.Tcp:
                _stream = new FrameBuffer();
                _connection = host.Connect(local, server);
                _connection.Received = (_, bytes) => HandleStream(bytes);
                _connection.Ended = (_, _) =>
                {
                    Allocation.HandleConnectionLost(_host.Now);
                    Drain();
                };
                break;
            default:
                throw new ArgumentException("A virtual host has UDP and TCP.", nameof(options));
        }
    }

    /// <summary>The server.</summary>
    public TransportAddress Server { get; }

    /// <summary>The client's end of the 5-tuple.</summary>
    public TransportAddress Local => _socket?.Local ?? _connection!.Local;

    /// <summary>The state machine, for its properties; commands go through this object, which sends what comes of them.</summary>
    public ClientAllocation Allocation { get; }

    /// <summary>Called with everything that happens to the allocation.</summary>
    public Action<VirtualTurnClient, ClientAllocationEvent>? Happened { get; set; }

    /// <summary>Takes the peers' data.</summary>
    public RelayedDataHandler? Received { get; set; }

    /// <summary>Asks for the allocation.</summary>
    public void Allocate()
    {
        Allocation.Allocate(_host.Now);
        Drain();
    }

    /// <summary>Asks for permissions, in as few requests as can be.</summary>
    /// <param name="peers">The peers; their ports do not count.</param>
    public void Permit(params ReadOnlySpan<TransportAddress> peers)
    {
        Allocation.Permit(peers, _host.Now);
        Drain();
    }

    /// <summary>Asks for a channel.</summary>
    /// <param name="peer">The peer.</param>
    public void BindChannel(TransportAddress peer)
    {
        Allocation.BindChannel(peer, _host.Now);
        Drain();
    }

    /// <summary>Gives the allocation up.</summary>
    public void Release()
    {
        Allocation.Release(_host.Now);
        Drain();
    }

    /// <summary>Sends data to a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="payload">The data.</param>
    /// <param name="form">How it travels.</param>
    public SendStatus Send(TransportAddress peer, ReadOnlySpan<byte> payload, SendForm form = SendForm.Shortest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload, nameof(payload));
        int needed = ClientAllocation.PayloadOffset + payload.Length + ClientAllocation.PayloadPadding;
        _buffer = _buffer.Length < needed ? new byte[needed] : _buffer;
        payload.CopyTo(_buffer.AsSpan(ClientAllocation.PayloadOffset));
        SendStatus status = Allocation.TryFrame(_buffer, payload.Length, peer, form, _host.Now, out Range message);
        if (status is SendStatus.ChannelData or SendStatus.Indication)
        {
            Transmit(_buffer.AsSpan(message));
        }

        return status;
    }

    /// <summary>Closes the socket or connection; the server is not told.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _timer.Dispose();
            _socket?.Dispose();
            _connection?.Abort();
            Allocation.Dispose();
        }
    }

    private void HandleStream(ReadOnlySpan<byte> bytes)
    {
        _stream!.Append(bytes);
        while (!_disposed && _framer.Read(_stream.Unread, out ReadOnlySequence<byte> frame, out int consumed, out int _) is var status)
        {
            if (status != StunFrameStatus.Frame)
            {
                if (status != StunFrameStatus.NeedMore)
                {
                    _connection!.Abort();
                    Allocation.HandleConnectionLost(_host.Now);
                    Drain();
                }

                return;
            }

            Handle(frame.FirstSpan, Server);
            _stream.Consume(consumed);
        }
    }

    private void Handle(ReadOnlySpan<byte> message, TransportAddress source)
    {
        if (Allocation.HandleDatagram(message, source, _host.Now, out PeerPayload data) == ClientDisposition.PeerData)
        {
            Received?.Invoke(this, data.Peer, message.Slice(data.Offset, data.Length));
        }
        else
        {
            Drain();
        }
    }

    private void Drain()
    {
        // A handler of an event may command something, which drains again.
        if (_draining)
        {
            SendRequests();
            return;
        }

        _draining = true;
        SendRequests();
        while (!_disposed && Allocation.TryReadEvent(out ClientAllocationEvent happened))
        {
            Happened?.Invoke(this, happened);
            SendRequests();
        }

        _draining = false;
        _timer.Due = Allocation.NextTimeout;
    }

    private void SendRequests()
    {
        while (!_disposed && Allocation.TryReadTransmit(_buffer, _host.Now, out StunTransmit transmit))
        {
            Transmit(_buffer.AsSpan(0, transmit.Length));
        }

        _timer.Due = Allocation.NextTimeout;
    }

    private void Transmit(ReadOnlySpan<byte> message)
    {
        if (_socket is not null)
        {
            _socket.Send(Server, message);
        }
        else
        {
            _connection!.Send(message);
        }
    }
}
