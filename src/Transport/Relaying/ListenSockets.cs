using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The sockets that a host listens on, before its loops take the UDP ones over. What nobody has taken is closed with it.</summary>
internal sealed class ListenSockets : IDisposable
{
    private const int BufferSize = 4 * 1024 * 1024;

    private readonly List<Socket> _udp = [];
    private readonly List<(Socket Socket, StreamSecurity Security)> _streams = [];
    private readonly List<StunListenEndPoint> _endPoints = [];
    private readonly bool _shared;

    private ListenSockets(bool shared) => _shared = shared;

    /// <summary>Where they listen, with real ports, in the order of the options; a listener for TCP and TLS stands for both.</summary>
    public IReadOnlyList<StunListenEndPoint> EndPoints => _endPoints;

    /// <summary>The endpoints of NAT behaviour discovery; null for none.</summary>
    public AlternateAddresses? Alternate { get; private set; }

    public IReadOnlyList<(Socket Socket, StreamSecurity Security)> Streams => _streams;

    /// <summary>Binds all sockets of the first loop, and all that listen for connections.</summary>
    /// <param name="listen">Where.</param>
    /// <param name="alternate">The second address of NAT behaviour discovery; null for none.</param>
    /// <param name="shared">Whether other loops get sockets on the same UDP endpoints.</param>
    /// <exception cref="SocketException">An endpoint cannot be used.</exception>
    public static ListenSockets Open(IReadOnlyList<StunListenEndPoint> listen, IPEndPoint? alternate, bool shared)
    {
        var sockets = new ListenSockets(shared);
        try
        {
            var streams = new HashSet<IPEndPoint>();
            foreach (StunListenEndPoint one in listen)
            {
                if (one.Transport == StunTransport.Udp)
                {
                    sockets.OpenUdp(one.EndPoint, alternate);
                }
                else if (streams.Add(one.EndPoint))
                {
                    sockets.OpenStreams(one, listen.Any(other => IsOtherHalf(one, other)));
                }
            }

            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>The UDP sockets of a loop, which are its own from now on: of the first one those that were bound first.</summary>
    /// <param name="first">Whether it is the first loop.</param>
    public IReadOnlyList<Socket> GetUdp(bool first)
    {
        if (first)
        {
            return _udp;
        }

        var sockets = new List<Socket>();
        try
        {
            foreach (Socket socket in _udp)
            {
                sockets.Add(BindAgain((IPEndPoint)socket.LocalEndPoint!));
            }

            return sockets;
        }
        catch
        {
            sockets.ForEach(static socket => socket.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        _udp.ForEach(static socket => socket.Dispose());
        _streams.ForEach(static stream => stream.Socket.Dispose());
    }

    private static bool IsOtherHalf(StunListenEndPoint one, StunListenEndPoint other)
        => other.Transport != StunTransport.Udp && other.Transport != one.Transport && other.EndPoint.Equals(one.EndPoint);

    private static Socket BindAgain(IPEndPoint endPoint)
    {
        Socket socket = UdpSockets.Open(endPoint.AddressFamily);
        try
        {
            RelaySockets.Share(socket);
            socket.Bind(endPoint);
            return Enlarge(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // One socket has the datagrams of all clients; the system grants what it is set up for.
    private static Socket Enlarge(Socket socket)
    {
        socket.ReceiveBufferSize = BufferSize;
        socket.SendBufferSize = BufferSize;
        return socket;
    }

    // Shared only once it is bound: two servers by mistake on one port would each get half of the clients.
    private Socket Bind(IPEndPoint endPoint)
    {
        Socket socket = UdpBindingListener.Bind(endPoint);
        if (_shared)
        {
            RelaySockets.Share(socket);
        }

        return Enlarge(socket);
    }

    private void OpenUdp(IPEndPoint endPoint, IPEndPoint? alternate)
    {
        int bound = _udp.Count;
        if (Alternate is null && alternate?.AddressFamily == endPoint.AddressFamily)
        {
            _udp.AddRange(DiscoverySockets.Open(endPoint, alternate, Bind, out AlternateAddresses addresses));
            Alternate = addresses;
        }
        else
        {
            foreach (IPEndPoint one in ListenAddresses.Expand(endPoint))
            {
                _udp.Add(Bind(one));
            }
        }

        foreach (Socket socket in _udp.Skip(bound))
        {
            _endPoints.Add(new StunListenEndPoint(StunTransport.Udp, (IPEndPoint)socket.LocalEndPoint!));
        }
    }

    private void OpenStreams(StunListenEndPoint listen, bool both)
    {
        foreach (IPEndPoint one in ListenAddresses.Expand(listen.EndPoint))
        {
            Socket socket = StreamListener.Bind(one);
            var bound = (IPEndPoint)socket.LocalEndPoint!;
            if (both)
            {
                _streams.Add((socket, StreamSecurity.ByFirstByte));
                _endPoints.Add(new StunListenEndPoint(StunTransport.Tcp, bound));
                _endPoints.Add(new StunListenEndPoint(StunTransport.Tls, bound));
            }
            else
            {
                _streams.Add((socket, listen.Transport == StunTransport.Tls ? StreamSecurity.Tls : StreamSecurity.Plain));
                _endPoints.Add(new StunListenEndPoint(listen.Transport, bound));
            }
        }
    }
}
