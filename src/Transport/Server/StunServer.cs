using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
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
    private readonly List<StreamListener> _streams = [];
    private readonly List<StunListenEndPoint> _endPoints = [];
    private readonly List<Socket> _opened = [];
    private readonly StunServerOptions _options;
    private readonly Lock _gate = new();
    private Task? _closing;

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
        Task closing;
        lock (_gate)
        {
            closing = _closing ??= CloseAsync();
        }

        await closing.ConfigureAwait(false);
    }

    private static void Check(StunServerOptions options)
    {
        if (options.Listen.Count == 0)
        {
            throw new ArgumentException("There is nothing to listen on.", nameof(options));
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

            DiscoverySockets.Check(udp.EndPoint, alternate, nameof(options));
        }
    }

    private async Task CloseAsync()
    {
        foreach (StreamListener listener in _streams)
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
            var listener = new UdpBindingListener(sockets, responder, _metrics, _options.UsesPortableSockets);
            _udp.Add(listener);
            listener.Start();
        }

        OpenStreams(responder);
    }

    private void OpenStreams(BindingResponder responder)
    {
        var quota = new ConnectionQuota(_options.Connections.MaxConnections, _options.Connections.MaxConnectionsPerSource);
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
                quota,
                _metrics,
                _options.TimeProvider);
            foreach (IPEndPoint endPoint in ListenAddresses.Expand(listen.EndPoint))
            {
                Socket socket = StreamListener.Bind(endPoint);
                var listener = new StreamListener(socket, server, _options.TimeProvider);
                _streams.Add(listener);
                _endPoints.Add(new StunListenEndPoint(listen.Transport, (IPEndPoint)socket.LocalEndPoint!));
                listener.Start();
            }
        }
    }

    private List<IReadOnlyList<Socket>> OpenEach(IPEndPoint endPoint)
    {
        var groups = new List<IReadOnlyList<Socket>>();
        foreach (IPEndPoint one in ListenAddresses.Expand(endPoint))
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

    private Socket[] OpenFour(IPEndPoint primary, out AlternateAddresses alternate)
    {
        Socket[] sockets = DiscoverySockets.Open(primary, _options.Alternate!, UdpBindingListener.Bind, out alternate);
        foreach (Socket socket in sockets)
        {
            _opened.Add(socket);
            _endPoints.Add(new StunListenEndPoint(StunTransport.Udp, (IPEndPoint)socket.LocalEndPoint!));
        }

        return sockets;
    }
}
