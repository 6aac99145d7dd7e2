using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stack.Signaling.Server;

/// <summary>
/// Kestrel with bounds on everything that a client decides: HTTP/1.1 only, small headers that come in time, and a few connections of one address that are
/// no WebSocket yet.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int HeaderSize = 8192;
    private const int BufferSize = 32_768;
    private const int SpareConnections = 1024;

    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(15);

    private readonly WebApplication _application;
    private readonly IServer _kestrel;
    private readonly ConnectionQuota _pending;
    private readonly List<ListenOptions> _listening = [];
    private volatile SslStreamCertificateContext? _certificate;

    /// <param name="options">Where it listens and what is allowed.</param>
    /// <param name="loggers">Who hears what it has to say.</param>
    public WebServer(SignalingServerOptions options, ILoggerFactory loggers)
    {
        Reconfigure(options);
        _pending = new ConnectionQuota(options.PendingConnectionsPerAddress);

        // Only for its services, which Kestrel cannot be made without: nothing of the host is ever started, so that signals stay with whoever has them.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddMetrics();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        _application = builder.Build();
        _kestrel = _application.Services.GetRequiredService<IServer>();
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="requests">Who answers.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="SocketException">An address or port cannot be used.</exception>
    public async Task StartAsync(SignalingRequests requests, CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(requests, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException { InnerException: SocketException inner })
        {
            throw new SocketException((int)inner.SocketErrorCode);
        }
        catch (IOException error) when (error.InnerException is SocketException inner)
        {
            throw new SocketException((int)inner.SocketErrorCode);
        }
    }

    /// <summary>Where it listens, with the ports that were picked.</summary>
    public IReadOnlyList<SignalingListenEndPoint> GetEndPoints(IReadOnlyList<SignalingListenEndPoint> asked)
    {
        List<SignalingListenEndPoint> endPoints = [];
        for (int i = 0; i < asked.Count; i++)
        {
            endPoints.Add(asked[i] with { EndPoint = _listening[i].IPEndPoint! });
        }

        return endPoints;
    }

    /// <summary>Takes another certificate for the next connection.</summary>
    public void Reconfigure(SignalingServerOptions options)
        => _certificate = options.Certificate is { } certificate
            ? SslStreamCertificateContext.Create(certificate, options.CertificateChain, offline: true)
            : null;

    /// <summary>Takes no more connections and waits for the open ones.</summary>
    /// <param name="cancellationToken">Ends the waiting, and the connections.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private void Configure(KestrelServerOptions kestrel, SignalingServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.MaxConnections + SpareConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.Limits.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderSize;
        kestrel.Limits.MaxRequestLineSize = HeaderSize;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestBufferSize = BufferSize;
        kestrel.Limits.MaxResponseBufferSize = BufferSize;
        kestrel.Limits.RequestHeadersTimeout = HeaderTime;
        kestrel.Limits.KeepAliveTimeout = IdleTime;
        foreach (SignalingListenEndPoint listen in options.Listen)
        {
            kestrel.Listen(listen.EndPoint, listening => Configure(listening, listen));
        }
    }

    private void Configure(ListenOptions listening, SignalingListenEndPoint listen)
    {
        _listening.Add(listening);
        listening.Protocols = HttpProtocols.Http1;
        listening.Use(next => connection => AdmitAsync(connection, next));
        if (listen.UsesTls)
        {
            listening.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HeaderTime,
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = _certificate,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                }),
            });
        }
    }

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress source = ConnectionQuota.GetSource((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!_pending.TryTake(source))
        {
            connection.Abort();
            return;
        }

        using var place = new PendingConnection(_pending, source);
        connection.Features.Set(place);
        await next(connection).ConfigureAwait(false);
    }
}
