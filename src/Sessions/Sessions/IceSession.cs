using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>
/// A session that is joined by a word: a connection to each of its peers, made, repaired and taken down as they come and go. All machines call it the same
/// way; who offers is settled by the signaling server.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use, with one reader of events at a time. Where the signaling server is lost, connections go on. Dispose of it to leave.</para>
/// <para>What goes over the connections is the caller's: datagrams, neither encrypted nor in order. The descriptions that peers exchange are those of WebRTC
/// and carry the fingerprint of a certificate, so that browsers connect; DTLS is not spoken.</para>
/// </remarks>
/// <example>
/// <code>
/// var options = new IceSessionOptions { Server = new Uri("https://signal.example.org"), Session = "lusab-babad-gutih-tugad" };
/// await using IceSession session = await IceSession.JoinAsync(options, cancellationToken);
/// while (true)
/// {
///     IceSessionEvent happened = await session.ReadEventAsync(cancellationToken);
///     if (happened.Kind == IceSessionEventKind.Connected)
///     {
///         await happened.Peer!.Connection!.SendAsync(payload, cancellationToken);
///     }
/// }
/// </code>
/// </example>
public sealed partial class IceSession : IAsyncDisposable
{
    /// <summary>The most peers that are connected to at a time.</summary>
    public const int MaxPeers = 64;

    private const int EventCapacity = 1024;
    private const int InputCapacity = 1024;

    private readonly IceSessionOptions _options;
    private readonly RandomNumberGenerator _random;
    private readonly TimeProvider _time;
    private readonly SessionCertificate _certificate;
    private readonly ulong _originId;
    private readonly SignalingClient _client;
    private readonly Channel<IceSessionEvent> _events = Channel.CreateBounded<IceSessionEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Channel<Func<ValueTask>> _inputs = Channel.CreateBounded<Func<ValueTask>>(new BoundedChannelOptions(InputCapacity) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tasks = [];
    private Task _loop = Task.CompletedTask;
    private int _disposed;

    private IceSession(IceSessionOptions options, RandomNumberGenerator random, SignalingClient client)
    {
        _options = options;
        _random = random;
        _client = client;
        _time = options.Ice.TimeProvider;
        _certificate = new SessionCertificate(_time.GetUtcNow());
        Span<byte> bits = stackalloc byte[8];
        random.GetBytes(bits);

        // RFC 8829 section 5.2.1: 63 bits.
        _originId = BinaryPrimitives.ReadUInt64LittleEndian(bits) >> 1;
    }

    /// <summary>Our number in the session; 0 in a dialect that has none.</summary>
    public int Id { get; private set; }

    /// <summary>The signaling server, without the path.</summary>
    public string Server => _client.Server;

    /// <summary>The fingerprint that our descriptions carry, such as <c>sha-256 AB:...</c> (RFC 8122 section 5).</summary>
    public string Fingerprint => _certificate.Fingerprint;

    /// <summary>The peers that are in the session now, or connected still after the server has lost them, in the order of their numbers. A snapshot.</summary>
    public IReadOnlyList<IceSessionPeer> Peers { get; private set; } = [];

    /// <summary>Joins a session.</summary>
    /// <param name="options">Which one, and where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A session whose first event is <see cref="IceSessionEventKind.Joined"/>.</returns>
    /// <exception cref="SignalingException">The signaling server cannot be reached, or does not take us; the hint says what would help.</exception>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    public static async Task<IceSession> JoinAsync(IceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        RandomNumberGenerator random = options.Random ?? RandomNumberGenerator.Create();
        SignalingClient? client = null;
        try
        {
            client = await SignalingClient.ConnectAsync(options.ToClientOptions(random), cancellationToken).ConfigureAwait(false);
            SignalingClientEvent joined = await client.ReadEventAsync(cancellationToken).ConfigureAwait(false);
            if (options.Ice.Policy == IcePolicy.RelayOnly
                && !options.Ice.Servers.Concat(SessionServers.Read(joined.Servers ?? RelayServers.None, new List<string>())).Any(static server => server.IsTurn))
            {
                throw new SignalingException(
                    SignalingFailure.NoRelay, $"{client.Server} names no TURN server, and a relay is demanded.", "Name a TURN server and its user, or allow direct paths.");
            }

            var session = new IceSession(options, random, client);
            session._loop = session.RunAsync(joined);
            return session;
        }
        catch
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }

            if (options.Random is null)
            {
                random.Dispose();
            }

            throw;
        }
    }

    /// <summary>Waits for what happens next. Of what nobody reads, the last 1024 events are kept.</summary>
    /// <param name="cancellationToken">Gives up; no event is lost by that.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
    public async ValueTask<IceSessionEvent> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The session is disposed of.", error);
        }
    }

    /// <summary>Leaves the session and closes all connections. Takes a second at most. May be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        foreach (PeerLink link in AllLinks())
        {
            await link.Connection.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_tasks).ConfigureAwait(false);
        _events.Writer.TryComplete();
        _certificate.Dispose();
        _stopping.Dispose();
        if (_options.Random is null)
        {
            _random.Dispose();
        }
    }

    private async Task RunAsync(SignalingClientEvent joined)
    {
        Run(ReadSignalingAsync);
        try
        {
            await HandleAsync(joined).ConfigureAwait(false);
            while (true)
            {
                Func<ValueTask> input = await _inputs.Reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
                await input().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // We leave. What waits to be posted is void.
            _inputs.Writer.TryComplete();
        }
    }

    private async Task ReadSignalingAsync()
    {
        while (true)
        {
            SignalingClientEvent happened = await _client.ReadEventAsync(_stopping.Token).ConfigureAwait(false);
            await PostAsync(() => HandleAsync(happened)).ConfigureAwait(false);
            if (happened.Kind == SignalingClientEventKind.Refused)
            {
                return;
            }
        }
    }

    /// <summary>Runs something beside the loop. It ends with the session, at the latest.</summary>
    private void Run(Func<Task> work)
    {
        _tasks.RemoveAll(static task => task.IsCompletedSuccessfully);
        _tasks.Add(Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
            {
                // The session has ended, or the connection.
            }
        }));
    }

    private ValueTask PostAsync(Func<ValueTask> input) => _inputs.Writer.WriteAsync(input, _stopping.Token);

    private void Report(IceSessionEvent happened) => _events.Writer.TryWrite(happened);

    private void Warn(string reason) => Report(new IceSessionEvent(IceSessionEventKind.Warning) { Reason = reason });
}
