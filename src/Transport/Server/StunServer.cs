using System;
using System.Collections.Generic;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A STUN server over UDP, TCP and TLS: basic (RFC 8489 section 12), for NAT behaviour discovery (RFC 5780) and classic (RFC 3489) as the
/// options say. It serves from <see cref="StartAsync"/> until it is disposed of; no datagram, connection or ICMP error ends it.
/// </summary>
/// <remarks>
/// Safe for concurrent use. The meter <c>Stack.Stun.Server</c> has <c>stun.server.datagrams</c> (messages by <c>outcome</c> and
/// <c>transport</c>), <c>stun.server.connections</c> (by <c>outcome</c>), <c>stun.server.send_failures</c> and <c>stun.server.faults</c>,
/// which stays 0 unless the server has a defect.
/// </remarks>
public sealed class StunServer : IAsyncDisposable
{
    private readonly StunServerMetrics _metrics = new();
    private readonly List<UdpBindingListener> _udp = [];
    private readonly List<StreamBindingListener> _streams = [];
    private readonly List<StunListenEndPoint> _endPoints = [];
    private readonly List<Socket> _opened = [];
    private readonly StunServerOptions _options;

    private StunServer(StunServerOptions options) => _options = options;

    /// <summary>Where the server listens, with the ports that were picked; all four endpoints of RFC 5780.</summary>
    public IReadOnlyList<StunListenEndPoint> EndPoints => _endPoints;

    /// <summary>Opens the sockets and starts to serve.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    /// <exception cref="SocketException">
    /// An address or port cannot be used, or the unspecified address was given and there is none of its family.
    /// </exception>
    public static async Task<StunServer> StartAsync(StunServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var server = new StunServer(options);
        try
        {
            server.Open();
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes all sockets and connections at once, without waiting for peers. May be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (StreamBindingListener listener in _streams)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        foreach (UdpBindingListener listener in _udp)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        // Those whose listener was never made, because another could not be.
        foreach (Socket socket in _opened)
        {
            socket.Dispose();
        }

        _metrics.Dispose();
    }

    private static void Check(StunServerOptions options)
    {
        if (options.Listen.Count == 0)
        {
            throw new ArgumentException("There is nothing to listen on.", nameof(options));
        }

        if (options.Software is { } software && Encoding.UTF8.GetByteCount(software) > SoftwareAttribute.MaxWriteSize)
        {
            throw new ArgumentException("SOFTWARE is longer than RFC 8489 section 14.14 allows.", nameof(options));
        }

        options.Connections.Check();
        bool tls = false;
        StunListenEndPoint? udp = null;
        foreach (StunListenEndPoint listen in options.Listen)
        {
            tls |= listen.Transport == StunTransport.Tls;
            if (listen.Transport == StunTransport.Udp && listen.EndPoint.AddressFamily == options.Alternate?.AddressFamily)
            {
                udp ??= listen;
            }
        }

        if (tls && options.Certificate is not { HasPrivateKey: true })
        {
            throw new ArgumentException("A TLS listener needs a certificate with its private key.", nameof(options));
        }

        if (options.Alternate is { } alternate)
        {
            if (udp is null)
            {
                throw new ArgumentException("The alternate address needs a UDP listener of the same address family.", nameof(options));
            }

            if (IsAny(alternate.Address) || IsAny(udp.EndPoint.Address) || alternate.Address.Equals(udp.EndPoint.Address))
            {
                throw new ArgumentException(
                    "The UDP listener and the alternate must be two different addresses of this machine (RFC 5780 section 6).",
                    nameof(options));
            }

            if (alternate.Port == udp.EndPoint.Port && alternate.Port != 0)
            {
                throw new ArgumentException("The alternate must have another port too (RFC 5780 section 6).", nameof(options));
            }
        }
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    // Answers must leave from where requests arrived, so the unspecified address becomes the addresses that there are.
    private static List<IPEndPoint> Expand(IPEndPoint endPoint)
    {
        if (!IsAny(endPoint.Address))
        {
            return [endPoint];
        }

        var all = new List<IPEndPoint>();
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown))
            {
                continue;
            }

            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (unicast.Address.AddressFamily == endPoint.AddressFamily)
                {
                    all.Add(new IPEndPoint(unicast.Address, endPoint.Port));
                }
            }
        }

        return all.Count != 0 ? all : throw new SocketException((int)SocketError.AddressNotAvailable);
    }

    private void Open()
    {
        AlternateAddresses? alternate = null;
        var groups = new List<IReadOnlyList<Socket>>();
        foreach (StunListenEndPoint listen in _options.Listen)
        {
            if (listen.Transport != StunTransport.Udp)
            {
                continue;
            }

            bool first = alternate is null && listen.EndPoint.AddressFamily == _options.Alternate?.AddressFamily;
            groups.AddRange(first ? [OpenFour(listen.EndPoint, out alternate)] : OpenEach(listen.EndPoint));
        }

        var responder = new BindingResponder(
            new BindingServer(new BindingServerOptions
            {
                Alternate = alternate,
                Classic = _options.Classic,
                Software = _options.Software,
                RateLimit = _options.RateLimit,
            }),
            new MonotonicClock(_options.TimeProvider),
            _metrics,
            _options.Trace);
        foreach (IReadOnlyList<Socket> sockets in groups)
        {
            var listener = new UdpBindingListener(sockets, responder, _metrics);
            _udp.Add(listener);
            listener.Start();
        }

        OpenStreams(responder);
    }

    private void OpenStreams(BindingResponder responder)
    {
        var quota = new ConnectionQuota(_options.Connections);
        SslStreamCertificateContext? certificate = _options.Certificate is { } leaf
            ? SslStreamCertificateContext.Create(leaf, _options.CertificateChain, offline: true)
            : null;
        foreach (StunListenEndPoint listen in _options.Listen)
        {
            if (listen.Transport == StunTransport.Udp)
            {
                continue;
            }

            var server = new StreamBindingServer(
                responder,
                _options.Connections,
                listen.Transport == StunTransport.Tls ? certificate : null,
                _metrics,
                _options.TimeProvider);
            foreach (IPEndPoint endPoint in Expand(listen.EndPoint))
            {
                Socket socket = StreamBindingListener.Bind(endPoint);
                var listener = new StreamBindingListener(socket, server, quota, _metrics, _options.TimeProvider);
                _streams.Add(listener);
                _endPoints.Add(new StunListenEndPoint(listen.Transport, (IPEndPoint)socket.LocalEndPoint!));
                listener.Start();
            }
        }
    }

    private List<IReadOnlyList<Socket>> OpenEach(IPEndPoint endPoint)
    {
        var groups = new List<IReadOnlyList<Socket>>();
        foreach (IPEndPoint one in Expand(endPoint))
        {
            groups.Add([OpenUdp(one)]);
        }

        return groups;
    }

    private Socket OpenUdp(IPEndPoint endPoint)
    {
        Socket socket = UdpBindingListener.Bind(endPoint);
        _opened.Add(socket);
        _endPoints.Add(new StunListenEndPoint(StunTransport.Udp, (IPEndPoint)socket.LocalEndPoint!));
        return socket;
    }

    // The same two ports on both addresses; where they are free ones, some picks may be taken on the other address.
    private Socket[] OpenFour(IPEndPoint primary, out AlternateAddresses alternate)
    {
        const int MaxTries = 16;
        for (int tries = 1; ; tries++)
        {
            var sockets = new List<Socket>();
            try
            {
                sockets.Add(UdpBindingListener.Bind(primary));
                int primaryPort = UdpSockets.GetLocal(sockets[0]).Port;
                sockets.Add(UdpBindingListener.Bind(_options.Alternate!));
                int alternatePort = UdpSockets.GetLocal(sockets[1]).Port;
                alternate = new AlternateAddresses(UdpSockets.GetLocal(sockets[0]), UdpSockets.GetLocal(sockets[1]));
                sockets.Add(UdpBindingListener.Bind(new IPEndPoint(primary.Address, alternatePort)));
                sockets.Add(UdpBindingListener.Bind(new IPEndPoint(_options.Alternate!.Address, primaryPort)));
                foreach (Socket socket in sockets)
                {
                    _opened.Add(socket);
                    _endPoints.Add(new StunListenEndPoint(StunTransport.Udp, (IPEndPoint)socket.LocalEndPoint!));
                }

                return [.. sockets];
            }
            catch (Exception error) when (error is SocketException or ArgumentException)
            {
                sockets.ForEach(socket => socket.Dispose());
                bool picked = primary.Port == 0 || _options.Alternate!.Port == 0;
                if (!picked || tries == MaxTries)
                {
                    throw;
                }
            }
        }
    }
}
