using System;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>
/// A place in a session on a signaling server: who is there, and what the peers say to each other. It comes back by itself when the connection breaks,
/// into the same place where the dialect knows that.
/// </summary>
/// <remarks>
/// Safe for concurrent use, with one reader of events at a time. 1024 events wait for it; a client whose events nobody reads beyond that leaves. 256 messages
/// wait to be sent. Dispose of it to leave.
/// </remarks>
/// <example>
/// <code>
/// var options = new SignalingClientOptions { Server = new Uri("https://signal.example.org"), Session = "lusab-babad-gutih-tugad" };
/// await using SignalingClient client = await SignalingClient.ConnectAsync(options, cancellationToken);
/// while (true)
/// {
///     SignalingClientEvent happened = await client.ReadEventAsync(cancellationToken);   // the first one is Joined
/// }
/// </code>
/// </example>
public sealed partial class SignalingClient : IAsyncDisposable
{
    private const int MaxEvents = 1024;
    private const int MaxOutgoing = 256;

    private readonly SignalingClientOptions _options;
    private readonly ClientDialect _dialect;
    private readonly RandomNumberGenerator _random;
    private readonly Channel<SignalingClientEvent> _events = Channel.CreateBounded<SignalingClientEvent>(new BoundedChannelOptions(MaxEvents) { SingleWriter = true });
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(MaxOutgoing);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    private SignalingClient(SignalingClientOptions options)
    {
        _options = options;
        _random = options.Random ?? RandomNumberGenerator.Create();
        _dialect = ClientDialect.Create(options, _random);
        _allowance = new SendAllowance(options.TimeProvider);
    }

    /// <summary>The server, without the path.</summary>
    public string Server => SignalingRefusals.Describe(_dialect.GetUri());

    /// <summary>Joins a session.</summary>
    /// <param name="options">Which one, and where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A client whose first event is <see cref="SignalingClientEventKind.Joined"/>.</returns>
    /// <exception cref="SignalingException">The server cannot be reached, or does not take us.</exception>
    /// <exception cref="ArgumentException">The options are none; the message says why.</exception>
    public static async Task<SignalingClient> ConnectAsync(SignalingClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SignalingClientOptions.Check(options);
        var client = new SignalingClient(options);
        try
        {
            client._running = client.RunAsync();
            await client._joined.Task.WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch (TimeoutException error)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw new SignalingException(
                SignalingFailure.TimedOut,
                $"{client.Server}: not in the session within {options.ConnectTimeout.TotalSeconds:0.###} s.",
                "The server is too busy, or it is none, or the network drops what we send; try again later.",
                error);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Tells a peer something. It is sent when the server is in reach; after <see cref="SignalingClientEventKind.Joined"/> what waited is void.</summary>
    /// <param name="to">The number of the peer. In VILLASnode's dialect, which has no addresses, all get it.</param>
    /// <param name="signal">What to say. What the dialect has no words for is left out.</param>
    /// <param name="cancellationToken">Gives up waiting for room among what is to be sent.</param>
    /// <exception cref="SignalingException">It is longer than the dialect allows, or the server does not take us any more.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
    public async ValueTask SendAsync(int to, PeerSignal signal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (_dialect.Write(to, signal) is not { } message)
        {
            return;
        }

        if (message.Length > _dialect.MaxMessageSize)
        {
            throw new SignalingException(
                SignalingFailure.TooLong,
                $"A message of {message.Length} bytes is more than the {_dialect.MaxMessageSize} that the dialect allows.",
                "Tell candidates one by one, and not in the description.");
        }

        await PostAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for fresh relay credentials, which come as <see cref="SignalingClientEventKind.ServersChanged"/>; our own dialect alone knows that.</summary>
    /// <param name="cancellationToken">Gives up waiting for room among what is to be sent.</param>
    /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
    public ValueTask AskForServersAsync(CancellationToken cancellationToken = default)
        => _dialect.AskForServers() is { } message ? PostAsync(message, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Waits for what happens next.</summary>
    /// <param name="cancellationToken">Gives up; no event is lost by that.</param>
    /// <exception cref="SignalingException">The server does not take us any more, which was the last event.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
    public async ValueTask<SignalingClientEvent> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw Closed(error);
        }
    }

    /// <summary>Leaves the session, at once for the others, and closes the connection. Takes a second at most. May be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _outgoing.Writer.TryComplete();
        await _leaving.CancelAsync().ConfigureAwait(false);
        using (var patience = new CancellationTokenSource(_options.Farewell, _options.TimeProvider))
        using (patience.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stopping))
        {
            await _running.ConfigureAwait(false);
        }

        _joined.TrySetException(new ObjectDisposedException(nameof(SignalingClient)));
        _ = _joined.Task.Exception;
        _events.Writer.TryComplete();
        _leaving.Dispose();
        _stopping.Dispose();
        if (_options.Random is null)
        {
            _random.Dispose();
        }
    }

    private async ValueTask PostAsync(byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw Closed(error);
        }
    }

    private static Exception Closed(ChannelClosedException error) => error.InnerException is SignalingException refusal
        ? new SignalingException(refusal.Failure, refusal.Message, refusal.Hint, refusal)
        : new ObjectDisposedException("The client is disposed of.", error);
}
