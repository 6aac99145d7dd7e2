using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Signaling.Server;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// A server while it runs: what SIGHUP and a new certificate change. A change is made as a whole or not at all, and the log says which.
/// </summary>
internal sealed class ServeSession : IAsyncDisposable
{
    private static readonly TimeSpan CertificateInterval = TimeSpan.FromSeconds(5);

    private readonly Func<ServeConfiguration> _read;
    private readonly Func<ServeConfiguration, ServeCredentials, ServeCertificate?, TurnServerHostOptions> _createOptions;
    private readonly ServerLogger _logger;
    private readonly TimeProvider _time;
    private readonly MemoryReturn _memory;
    private readonly Lock _gate = new();
    private ServeConfiguration _configuration;
    private ServeCredentials _credentials;
    private ServeCertificate? _certificate;
    private ITimer? _watch;
    private string? _badDigest;

    private ServeSession(
        Func<ServeConfiguration> read,
        ServeConfiguration configuration,
        ServeCredentials credentials,
        ServeCertificate? certificate,
        Func<ServeConfiguration, ServeCredentials, ServeCertificate?, TurnServerHostOptions> createOptions,
        ServerLogger logger,
        TimeProvider time,
        TurnServerHost? host,
        SignalingServerHost? signal)
    {
        _read = read;
        _configuration = configuration;
        _credentials = credentials;
        _certificate = certificate;
        _createOptions = createOptions;
        _logger = logger;
        _time = time;
        Host = host;
        Signal = signal;
        NativeHeap.KeepLittle();
        _memory = new MemoryReturn(CountCrowd, time);
    }

    /// <summary>The STUN and TURN server; null where there is signaling alone.</summary>
    public TurnServerHost? Host { get; }

    /// <summary>The signaling server; null where there is none.</summary>
    public SignalingServerHost? Signal { get; }

    /// <summary>Starts the server.</summary>
    /// <param name="configuration">What to serve.</param>
    /// <param name="read">Reads the configuration again.</param>
    /// <param name="trace">Watches the messages; null for nobody.</param>
    /// <param name="logger">The log; stays the caller's.</param>
    /// <param name="time">The clock.</param>
    public static async Task<ServeSession> StartAsync(
        ServeConfiguration configuration,
        Func<ServeConfiguration> read,
        Action<StunTrace>? trace,
        ServerLogger logger,
        TimeProvider time)
    {
        TurnServerHostOptions CreateOptions(ServeConfiguration current, ServeCredentials users, ServeCertificate? chain)
            => ServeHostOptions.Create(current, users.Source, chain, trace, logger.Write, time);

        ServeCertificate? certificate = ServeCertificate.Read(configuration);
        var credentials = new ServeCredentials(configuration, time);
        try
        {
            TurnServerHost? host = configuration.IsSignalingAlone
                ? null
                : await TurnServerHost.StartAsync(CreateOptions(configuration, credentials, certificate)).ConfigureAwait(false);
            try
            {
                SignalingServerHost? signal = await StartSignalAsync(configuration, host, certificate, logger, time).ConfigureAwait(false);
                var session = new ServeSession(read, configuration, credentials, certificate, CreateOptions, logger, time, host, signal);
                session.Watch();
                return session;
            }
            catch when (host is not null)
            {
                await host.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            credentials.Dispose();
            throw;
        }
    }

    /// <summary>Reads the configuration again and serves by it, or says why not.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            try
            {
                Change(_read());
            }
            catch (Exception error) when (error is CommandException or ArgumentException)
            {
                Write(ServerLogLevel.Error, "Reload refused: nothing was changed.", new ServerLogField("why", error.Message));
            }
        }
    }

    /// <summary>Takes no new allocations and waits for the live ones, for as long as the configuration says.</summary>
    public async Task DrainAsync()
    {
        TimeSpan limit = _configuration.Drain;
        Task signal = Signal?.DrainAsync(limit) ?? Task.CompletedTask;
        if (Host is null)
        {
            await signal.ConfigureAwait(false);
            return;
        }

        Write(
            ServerLogLevel.Information,
            "Draining: no new allocations.",
            new ServerLogField("allocations", Host.AllocationCount),
            new ServerLogField("limitMs", limit));
        bool drained = await Host.DrainAsync(limit).ConfigureAwait(false);
        Write(
            ServerLogLevel.Information,
            drained ? "Drained." : "The time to drain is over: live allocations end.",
            new ServerLogField("allocations", Host.AllocationCount));
        await signal.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync().ConfigureAwait(false);
        }

        _memory.Dispose();
        if (Signal is not null)
        {
            await Signal.DisposeAsync().ConfigureAwait(false);
        }

        if (Host is not null)
        {
            await Host.DisposeAsync().ConfigureAwait(false);
        }

        _credentials.Dispose();
    }

    private static async Task<SignalingServerHost?> StartSignalAsync(
        ServeConfiguration configuration,
        TurnServerHost? host,
        ServeCertificate? certificate,
        ServerLogger logger,
        TimeProvider time)
    {
        if (configuration.Signal.Listen.Count == 0)
        {
            return null;
        }

        SignalingServerOptions options = ServeSignalOptions.Create(configuration, host?.EndPoints ?? [], certificate, logger.Write, time);
        SignalingServerHost signal = await SignalingServerHost.StartAsync(options).ConfigureAwait(false);
        if (ServeSignalOptions.FindMissing(configuration, options) is { } missing)
        {
            logger.Write(new ServerLogRecord(ServerLogLevel.Warning, "signaling-relays", "Sessions have no relay.")
            {
                Fields = [new ServerLogField("why", missing)],
                IsUnbounded = false,
            });
        }

        return signal;
    }

    private (int Now, int Most) CountCrowd()
    {
        int connections = Signal?.Counts.Connections ?? 0;
        return ((Host?.AllocationCount ?? 0) + connections, (Host?.TakeMostAllocations() ?? 0) + connections);
    }

    private void Watch()
    {
        if (_configuration.Certificate is not null)
        {
            _watch = _time.CreateTimer(_ => CheckCertificate(), null, CertificateInterval, CertificateInterval);
        }
    }

    // The files are compared, not watched by the system: that misses what links and network file systems do.
    private void CheckCertificate()
    {
        lock (_gate)
        {
            if (!CertificateDigest.TryCompute(_configuration.Certificate!, _configuration.CertificateKey, out string digest, out string problem))
            {
                RefuseCertificate(digest, problem);
                return;
            }

            if (digest == _configuration.CertificateDigest || digest == _badDigest)
            {
                return;
            }

            try
            {
                Change(_configuration with { CertificateDigest = digest });
            }
            catch (Exception error) when (error is CommandException or ArgumentException)
            {
                RefuseCertificate(digest, error.Message);
            }
        }
    }

    // Perhaps one of two files has been written so far: they are looked at again when they change again.
    private void RefuseCertificate(string digest, string why)
    {
        if (_badDigest != digest)
        {
            _badDigest = digest;
            Write(ServerLogLevel.Error, "The new certificate cannot be used; the old one stays.", new ServerLogField("why", why));
        }
    }

    private void Change(ServeConfiguration next)
    {
        ConfigurationChanges changes = ConfigurationChanges.Describe(_configuration, next);
        if (changes.Refusal is { } refusal)
        {
            Write(ServerLogLevel.Error, "Reload refused: nothing was changed.", new ServerLogField("why", refusal));
            return;
        }

        ServeCertificate? certificate = next.CertificateDigest == _configuration.CertificateDigest && next.Certificate == _configuration.Certificate
            ? _certificate
            : ServeCertificate.Read(next);
        var credentials = new ServeCredentials(next, _time);
        try
        {
            // The signaling server's options were judged with the configuration: it is the other one that may still refuse.
            Host?.Reload(_createOptions(next, credentials, certificate));
            Signal?.Reload(ServeSignalOptions.Create(next, Host?.EndPoints ?? [], certificate, _logger.Write, _time));
        }
        catch
        {
            credentials.Dispose();
            throw;
        }

        // The loops have let go of the old ones by now.
        _credentials.Dispose();
        (_configuration, _credentials, _certificate) = (next, credentials, certificate);
        _badDigest = null;
        _logger.Reconfigure(next.Log);
        Write(ServerLogLevel.Information, changes.Lines.Count == 0 ? "Reloaded: nothing changed." : "Reloaded.");
        foreach (string line in changes.Lines)
        {
            Write(ServerLogLevel.Information, "Changed.", new ServerLogField("what", line));
        }
    }

    private void Write(ServerLogLevel level, string message, params ServerLogField[] fields)
        => _logger.Write(new ServerLogRecord(level, "configuration", message) { Fields = fields, IsUnbounded = false });
}
