using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// A TURN server over UDP, TCP and TLS (RFC 8656, RFC 6062), and the STUN server on the same endpoints. It serves from
/// <see cref="StartAsync"/> until it is disposed of; no datagram, connection or ICMP error ends it.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Each shard is one thread that owns its sockets and its allocations. The meter <c>Stack.Turn.Server</c>, whose scope is
/// the host, has
/// <c>turn.server.messages</c> and <c>turn.server.peer_datagrams</c> by <c>outcome</c>, <c>turn.server.relayed_packets</c> and
/// <c>turn.server.relayed_bytes</c> by <c>direction</c>, <c>turn.server.dropped</c> by <c>reason</c>, <c>turn.server.connections</c> by
/// <c>outcome</c>, <c>turn.server.send_failures</c>, <c>turn.server.receive_failures</c>, <c>turn.server.icmp</c>, <c>turn.server.journal_failures</c>,
/// <c>turn.server.allocations</c>, <c>turn.server.open_connections</c>, <c>turn.server.relay_ports</c>, and <c>turn.server.faults</c>, which stays
/// 0 unless the server has a defect.
/// </remarks>
public sealed class TurnServerHost : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<RelayShard> _shards = [];
    private readonly List<StreamListener> _listeners = [];
    private readonly ReservedSockets _reserved = new();
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MonotonicClock _clock;
    private readonly ServerJournal _journal;
    private readonly ListenSockets _sockets;
    private readonly TurnServerResources _resources;
    private readonly TurnStreamSharing _streams;
    private readonly TurnServerMetrics _metrics;
    private TurnServerHostOptions _options;
    private volatile bool _draining;
    private bool _disposed;
    private Task? _closing;

    private TurnServerHost(TurnServerHostOptions options)
    {
        _options = options;
        _clock = new MonotonicClock(options.TimeProvider);
        _journal = new ServerJournal(options.Trace, options.Log);
        SslStreamCertificateContext? certificate = CreateCertificate(options);
        _sockets = ListenSockets.Open(options.Listen, options.Alternate, shared: options.Shards > 1);
        try
        {
            TurnServerOptions server = ServerSettings.Create(options, _sockets.EndPoints, _sockets.Alternate);
            _resources = ServerSettings.CreateResources(server, options, _clock, _random);
            _streams = new TurnStreamSharing(options.Connections, options.TimeProvider, _journal, _shards)
            {
                Certificate = certificate,
                HasCredentials = options.Credentials is not null,
                AcceptsRfc5766Channels = options.AcceptsRfc5766Channels,
            };
            var setup = new RelayShardSetup(
                server,
                _resources,
                options.Credentials,
                _reserved,
                _clock,
                _random,
                _journal,
                options.UsesPortableSockets,
                OnAllocationEnded);
            for (int index = 0; index < options.Shards; index++)
            {
                AddShard((byte)index, setup);
            }

            HostWarnings.Write(_journal, options, server, options.Limits.Allocations);
            _metrics = new TurnServerMetrics(this, _shards, _resources, _streams, _journal);
        }
        catch
        {
            _shards.ForEach(static shard => shard.Cancel());
            _sockets.Dispose();
            _random.Dispose();
            throw;
        }
    }

    /// <summary>Where the server listens, with the ports that were picked, in the order of the options; all four endpoints of RFC 5780.</summary>
    public IReadOnlyList<StunListenEndPoint> EndPoints => _sockets.EndPoints;

    /// <summary>How many allocations live; a dual one counts once.</summary>
    public int AllocationCount => _resources.AllocationCount;

    internal IReadOnlyList<RelayShard> Shards => _shards;

    /// <summary>Opens the sockets and starts to serve.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    /// <exception cref="SocketException">
    /// An address or port cannot be used, or the unspecified address was given and there is none of its family.
    /// </exception>
    public static async Task<TurnServerHost> StartAsync(TurnServerHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        HostOptionsCheck.Check(options);
        cancellationToken.ThrowIfCancellationRequested();
        var host = new TurnServerHost(options);
        try
        {
            host.Start();
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Changes users, peer rules, limits, relay addresses and certificate for everything that comes from now on; live allocations stay as they
    /// are. Either all of it changes, or it throws and nothing does.
    /// </summary>
    /// <param name="options">
    /// The new options. Listen endpoints, shards, clock, connection limits, nonce key, trace and log must be the old ones.
    /// </param>
    /// <exception cref="ArgumentException">The options contradict each other or the running server; the message says how.</exception>
    public void Reload(TurnServerHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        HostOptionsCheck.Check(options);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            HostOptionsCheck.CheckChange(_options, options);
            SslStreamCertificateContext? certificate = CreateCertificate(options);
            TurnServerOptions server = ServerSettings.Create(options, _sockets.EndPoints, _sockets.Alternate);
            ServerSettings.Rehearse(server, options, _clock, _random);

            _options = options;
            _resources.Reconfigure(server.Limits, options.ReplyRateLimit);
            _streams.Certificate = certificate;
            _streams.HasCredentials = options.Credentials is not null;
            _streams.AcceptsRfc5766Channels = options.AcceptsRfc5766Channels;
            RunOnAll(shard => shard.Server.Reconfigure(server, options.Credentials));
            HostWarnings.Write(_journal, options, server, options.Limits.Allocations);
        }
    }

    /// <summary>Takes no new allocations from now on and waits for the live ones to end. There is no way back.</summary>
    /// <param name="limit">How long to wait at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether all are gone; false where the time is over.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit, CancellationToken cancellationToken = default)
    {
        _draining = true;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            RunOnAll(static shard => shard.Server.Drain());
        }

        OnAllocationEnded();
        try
        {
            await _drained.Task.WaitAsync(limit, _clock.TimeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Closes all sockets and connections at once, without waiting for peers. May be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            _disposed = true;
            closing = _closing ??= CloseAsync();
        }

        await closing.ConfigureAwait(false);
    }

    /// <summary>How many allocations lived at once, at the most, since this was asked last.</summary>
    internal int TakeMostAllocations() => _resources.TakeMostAllocations();

    private static SslStreamCertificateContext? CreateCertificate(TurnServerHostOptions options)
        => options.Certificate is { } leaf ? SslStreamCertificateContext.Create(leaf, options.CertificateChain, offline: true) : null;

    private async Task CloseAsync()
    {
        // Connections first: they need their loops to end.
        foreach (StreamListener listener in _listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        foreach (RelayShard shard in _shards)
        {
            await shard.DisposeAsync().ConfigureAwait(false);
        }

        _sockets.Dispose();
        _reserved.Dispose();
        _metrics.Dispose();
        _random.Dispose();
    }

    private void AddShard(byte index, RelayShardSetup setup)
    {
        var shard = new RelayShard(index, setup);
        _shards.Add(shard);
        foreach (Socket socket in _sockets.GetUdp(first: index == 0))
        {
            shard.Listen(socket);
        }
    }

    private void Start()
    {
        _shards.ForEach(static shard => shard.Start());
        foreach ((Socket socket, StreamSecurity security) in _sockets.Streams)
        {
            var listener = new StreamListener(socket, new TurnStreamService(security, _streams), _clock.TimeProvider);
            _listeners.Add(listener);
            listener.Start();
        }
    }

    private void OnAllocationEnded()
    {
        if (_draining && _resources.AllocationCount == 0)
        {
            _drained.TrySetResult();
        }
    }

    // Waits for the loops, but one that calls this itself, out of a log or trace callback: what comes next is served as it says.
    private void RunOnAll(Action<RelayShard> call)
    {
        using var done = new CountdownEvent(_shards.Count);
        foreach (RelayShard shard in _shards)
        {
            if (shard.IsCurrentThread)
            {
                call(shard);
                done.Signal();
                continue;
            }

            shard.Post(new ShardCall(
                one =>
                {
                    try
                    {
                        call(one);
                        one.Pump();
                    }
                    finally
                    {
                        done.Signal();
                    }
                },
                () => done.Signal()));
        }

        done.Wait();
    }
}
