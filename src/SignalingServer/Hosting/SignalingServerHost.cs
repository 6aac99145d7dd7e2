using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>
/// A signaling server: WebSockets of all dialects (<c>docs/signaling.md</c>), the page, figures and the listing of sessions. It serves from
/// <see cref="StartAsync"/> until it is disposed of; nothing that a client sends ends it.
/// </summary>
/// <remarks>
/// Safe for concurrent use. The meter <c>Stack.Signaling.Server</c>, whose scope is the host, has what <c>/metrics</c> shows.
/// </remarks>
public sealed class SignalingServerHost : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ServerJournal _journal;
    private readonly SignalingCounters _counters;
    private readonly MetricsText _metrics;
    private readonly IssuedRelays _relays;
    private readonly SignalingLoop _loop;
    private readonly SignalingRequests _requests;
    private readonly JournalLoggers _loggers;
    private readonly WebServer _web;
    private readonly RedisSessions? _redis;
    private SignalingServerOptions _options;
    private bool _disposed;

    private SignalingServerHost(SignalingServerOptions options)
    {
        _options = options;
        _journal = new ServerJournal(null, options.Log);
        _relays = new IssuedRelays(options);
        _loggers = new JournalLoggers(_journal);
        _counters = new SignalingCounters(this, hasStore: options.Redis is not null);
        _metrics = new MetricsText(_counters.Meter);
        _loop = new SignalingLoop(options, _relays, new MonotonicClock(options.TimeProvider), _counters, _journal);
        _requests = new SignalingRequests(_loop, _metrics, options);
        _web = new WebServer(options, _loggers);
        if (options.Redis is not null)
        {
            _redis = new RedisSessions(options.Redis, _loop, _journal);
            _loop.Shared = _redis;
        }
    }

    /// <summary>Where the server listens, with the ports that were picked, in the order of the options.</summary>
    public IReadOnlyList<SignalingListenEndPoint> EndPoints { get; private set; } = [];

    /// <summary>How much there is.</summary>
    public SignalingCounts Counts => _counters.Counts;

    /// <summary>Opens the sockets and starts to serve.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    /// <exception cref="SocketException">An address or port cannot be used.</exception>
    public static async Task<SignalingServerHost> StartAsync(SignalingServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Check(options);
        cancellationToken.ThrowIfCancellationRequested();
        var host = new SignalingServerHost(options);
        try
        {
            if (host._redis is not null)
            {
                await host._redis.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            await host._web.StartAsync(host._requests, cancellationToken).ConfigureAwait(false);
            host.EndPoints = host._web.GetEndPoints(options.Listen);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Changes what the options call reloadable for everything that comes from now on. Either all of it changes, or it throws and nothing does.</summary>
    /// <param name="options">The new options; in everything else the old ones.</param>
    /// <exception cref="ArgumentException">The options contradict each other or the running server; the message says how.</exception>
    public void Reload(SignalingServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Check(options);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            OptionsCheck.CheckChange(_options, options);

            // The first is the only one that options which passed the check can still be wrong for.
            _relays.Reconfigure(options);
            _requests.Reconfigure(options);
            _web.Reconfigure(options);
            _options = options;
        }
    }

    /// <summary>
    /// Takes no more connections and closes the open ones with 1013, so that clients go elsewhere or come back later.
    /// </summary>
    /// <param name="limit">How long it waits for them to go.</param>
    /// <returns>Whether they all have.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);
        await _loop.ShutdownAsync().ConfigureAwait(false);
        using var over = new CancellationTokenSource(limit, _options.TimeProvider);
        await _web.StopAsync(over.Token).ConfigureAwait(false);
        return !over.IsCancellationRequested;
    }

    /// <summary>Ends all connections and closes the sockets.</summary>
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

        await _loop.ShutdownAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
        if (_redis is not null)
        {
            await _redis.DisposeAsync().ConfigureAwait(false);
        }

        _metrics.Dispose();
        _counters.Dispose();
        _loggers.Dispose();
    }
}
