using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The UDP sockets that answer for one another: one, or the four of RFC 5780. One thread serves all of them.</summary>
internal sealed class UdpBindingListener : IAsyncDisposable
{
    private readonly BindingResponder _responder;
    private readonly DatagramPoller _poller;
    private readonly DepartureBuffer _buffer;
    private readonly List<BindingPort> _ports = [];
    private Task _loop = Task.CompletedTask;
    private volatile bool _stopping;

    /// <exception cref="SocketException">The system has no room to watch the sockets; they are still the caller's.</exception>
    public UdpBindingListener(IReadOnlyList<Socket> sockets, BindingResponder responder, StunServerMetrics metrics, bool portable)
    {
        _responder = responder;
        Metrics = metrics;
        _poller = DatagramPoller.Create(portable);
        _buffer = new DepartureBuffer(_poller);
        try
        {
            foreach (Socket socket in sockets)
            {
                _ports.Add(new BindingPort(this, _poller, socket));
            }
        }
        catch
        {
            _poller.Dispose();
            throw;
        }
    }

    public StunServerMetrics Metrics { get; }

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

    public void Start() => _loop = Task.Factory.StartNew(Run, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _poller.Wake();
        await _loop.ConfigureAwait(false);
        _ports.ForEach(static port => port.Dispose());
        _poller.Dispose();
    }

    /// <summary>Answers a datagram, from the socket that the answer must come from.</summary>
    public void Answer(BindingPort port, ReadOnlySpan<byte> datagram, TransportAddress client)
    {
        int at = _buffer.Next;
        if (_responder.TryRespond(datagram, client, port.Local, StunTransport.Udp, _buffer.GetRoom(at), out BindingReply reply))
        {
            Find(port, reply.Origin).Queue(new Departure(_buffer.Outbound, at, reply.Length, reply.Destination, 0, Departure.NotRelayed));
            _buffer.Keep(reply.Length);
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            _poller.Wait(block: true);
            _buffer.Release();
            while (_poller.TryTakeReady(out DatagramReader reader, out bool hasErrors))
            {
                reader.OnReadable(hasErrors);
            }
        }
    }

    private BindingPort Find(BindingPort port, TransportAddress origin)
        => origin == port.Local ? port : _ports.Find(other => other.Local == origin) ?? port;
}
