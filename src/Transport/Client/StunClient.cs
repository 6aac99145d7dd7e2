using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A STUN client over UDP, TCP or TLS (RFC 8489): one server, one socket, any number of requests, of which ten at most are outstanding (RFC 8489
/// section 6.2) and the others wait; with a credential they are made one after the other. A lost connection stays lost: connect again. Safe for
/// concurrent use. Dispose it to close the socket; that never waits for the network.
/// </summary>
/// <example>
/// <code>
/// await using StunClient stun = await StunClient.ConnectAsync("stun:stun.example.org", cancellationToken);
/// StunBinding binding = await stun.BindAsync(cancellationToken);
/// Console.WriteLine(binding.Mapped);
/// </code>
/// </example>
public sealed class StunClient : IAsyncDisposable
{
    /// <summary>The largest request, in bytes; far above what fits a datagram without fragments.</summary>
    internal const int RequestBufferSize = 4096;

    private const int MaxTries = 6;

    // RFC 8489 section 6.2: a client should limit itself to ten outstanding transactions to the same server.
    private const int MaxOutstanding = 10;

    private readonly StunClientOptions _options;
    private readonly string _host;
    private readonly LongTermClient? _credential;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private StunConnection _connection;
    private bool _redirected;
    private volatile bool _disposed;

    private StunClient(StunConnection connection, string host, StunClientOptions options)
    {
        _connection = connection;
        _host = host;
        _options = options;
        _credential = options.Credential is { } credential ? new LongTermClient(credential) : null;

        // Nonce and key belong to one request at a time.
        _slots = new SemaphoreSlim(_credential is null ? MaxOutstanding : 1);
    }

    /// <summary>The server's endpoint.</summary>
    public IPEndPoint Server => _connection.Server;

    /// <summary>The local endpoint of the socket.</summary>
    public IPEndPoint Local => _connection.Local;

    /// <summary>The transport.</summary>
    public StunTransport Transport => _connection.Transport;

    /// <summary>Finds a server and opens a socket to it, with the default options.</summary>
    /// <param name="server">A host, host:port, or URI; see <see cref="StunServerReference"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">The text names no server.</exception>
    /// <exception cref="StunException">The name cannot be resolved, or no connection can be made.</exception>
    public static Task<StunClient> ConnectAsync(string server, CancellationToken cancellationToken = default)
        => ConnectAsync(StunServerReference.Parse(server), new StunClientOptions(), cancellationToken);

    /// <summary>
    /// Finds a server and opens a socket to it. A name with several addresses is tried at all of them, 250 ms apart, and the first one that
    /// answers wins (RFC 8305).
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StunException">The name cannot be resolved, or no connection can be made.</exception>
    public static async Task<StunClient> ConnectAsync(
        StunServerReference server,
        StunClientOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        StunTransport transport = options.Transport ?? server.Transport ?? StunTransport.Udp;
        IReadOnlyList<StunServerAddress> addresses = await LocateAsync(server, transport, options, cancellationToken).ConfigureAwait(false);
        StunConnection connection = await ConnectionRace.RunAsync(
            [.. addresses.Select(address => address.EndPoint)],
            (endPoint, token) => OpenAsync(endPoint, server.Host, transport, options, probe: addresses.Count > 1, token),
            options.TimeProvider,
            cancellationToken).ConfigureAwait(false);
        return new StunClient(connection, server.Host, options);
    }

    /// <summary>Asks the server for the address that it sees (RFC 8489 section 3).</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StunException">No usable answer came.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of, or was while the request waited.</exception>
    public async Task<StunBinding> BindAsync(CancellationToken cancellationToken = default)
    {
        StunResponse response = await RequestAsync(StunMethod.Binding, null, cancellationToken).ConfigureAwait(false);
        return ReadBinding(response);
    }

    /// <summary>
    /// Sends a request and returns the success response. Credentials, FINGERPRINT and SOFTWARE are added as the options say; challenges
    /// (401, 438) are answered and one redirection (300) is followed, where it is authenticated.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="attributes">Adds the attributes of the method; null for none. May be called more than once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StunException">No success response came; <see cref="StunException.ErrorCode"/> has the server's code.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of, or was while the request waited.</exception>
    public async Task<StunResponse> RequestAsync(
        StunMethod method,
        StunAttributeWriter? attributes,
        CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await ExchangeAsync(method, attributes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Closes the socket. Requests in progress fail.</summary>
    public async ValueTask DisposeAsync()
    {
        StunConnection connection;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            connection = _connection;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        _credential?.Dispose();
    }

    private static async Task<IReadOnlyList<StunServerAddress>> LocateAsync(
        StunServerReference server,
        StunTransport transport,
        StunClientOptions options,
        CancellationToken cancellationToken)
    {
        var query = new StunServerQuery(server.Host) { Port = server.Port, Transport = transport, Family = options.Family };
        try
        {
            StunServerLocator locator = options.Locator ?? new StunServerLocator();
            return await locator.LocateAsync(query, cancellationToken).ConfigureAwait(false);
        }
        catch (StunResolutionException error)
        {
            throw StunFailures.From(error);
        }
    }

    private static async Task<StunConnection> OpenAsync(
        IPEndPoint server,
        string host,
        StunTransport transport,
        StunClientOptions options,
        bool probe,
        CancellationToken cancellationToken)
    {
        StunLink link = await StunLink.OpenAsync(server, host, transport, options.ToLinkOptions(), cancellationToken).ConfigureAwait(false);
        var connection = new StunConnection(link, options);
        return probe && transport == StunTransport.Udp ? await ProbeAsync(connection, options, cancellationToken).ConfigureAwait(false) : connection;
    }

    // Of several addresses only one that answers is of use, and over UDP only a request can tell.
    private static async Task<StunConnection> ProbeAsync(StunConnection connection, StunClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            byte[] request = BuildRequest(StunMethod.Binding, null, null, options);
            RequestTransaction transaction = await connection.ExecuteAsync(request, null, cancellationToken).ConfigureAwait(false);
            return transaction.Outcome is TransactionOutcome.Success or TransactionOutcome.Error
                ? connection
                : throw StunFailures.FromTransaction(transaction, StunTransport.Udp);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static byte[] BuildRequest(StunMethod method, StunAttributeWriter? attributes, LongTermClient? credential, StunClientOptions options)
    {
        byte[] buffer = new byte[RequestBufferSize];
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        var writer = new StunMessageWriter(buffer, new StunMessageType(method, StunClass.Request), TransactionId.Create(random));
        attributes?.Invoke(ref writer);
        if (options.Software is { } software)
        {
            writer.AddSoftware(Encoding.UTF8.GetBytes(software));
        }

        credential?.AddTo(ref writer);
        if (options.Fingerprint)
        {
            writer.AddFingerprint();
        }

        return writer.Written.ToArray();
    }

    private async Task<StunResponse> ExchangeAsync(StunMethod method, StunAttributeWriter? attributes, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            byte[] request = BuildRequest(method, attributes, _credential, _options);
            RequestTransaction transaction = await _connection.ExecuteAsync(request, _credential, cancellationToken).ConfigureAwait(false);
            switch (transaction.Outcome)
            {
                case TransactionOutcome.Success:
                    return new StunResponse(
                        transaction.Response,
                        Server,
                        transaction.RoundTripTime,
                        transaction.Elapsed,
                        transaction.Attempts);
                case TransactionOutcome.Error:
                    await HandleErrorAsync(transaction, tries, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    ObjectDisposedException.ThrowIf(_disposed, this);
                    throw StunFailures.FromTransaction(transaction, Transport);
            }
        }
    }

    // Returns where the request is to be made again, throws otherwise.
    private async Task HandleErrorAsync(RequestTransaction transaction, int tries, CancellationToken cancellationToken)
    {
        StunErrorCode code = ReadError(transaction.Response.Span, out ChallengeDecision decision, out IPEndPoint? alternate, out string? domain);
        if (decision == ChallengeDecision.Retry && tries < MaxTries)
        {
            return;
        }

        if (decision != ChallengeDecision.NotAChallenge || code == StunErrorCode.Unauthenticated)
        {
            throw StunFailures.FromChallenge(decision, code, Server, _credential is not null);
        }

        if (alternate is null || _redirected)
        {
            throw StunFailures.FromErrorResponse(code, Server);
        }

        _redirected = true;
        StunClientOptions options = _options with { Local = null, Tls = _options.Tls with { ExpectedHost = domain ?? _options.Tls.ExpectedHost } };
        await RedirectAsync(alternate, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task RedirectAsync(IPEndPoint alternate, StunClientOptions options, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        StunConnection unused;
        try
        {
            unused = await OpenAsync(alternate, _host, Transport, options, probe: false, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        lock (_gate)
        {
            if (!_disposed)
            {
                (_connection, unused) = (unused, _connection);
            }
        }

        await unused.DisposeAsync().ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(_disposed, this);
    }

    private StunErrorCode ReadError(
        ReadOnlySpan<byte> bytes,
        out ChallengeDecision decision,
        out IPEndPoint? alternate,
        out string? domain)
    {
        StunMessage.Decode(bytes, out StunMessage response);
        response.ReadErrorCode(out StunErrorCode code, out _);
        decision = _credential?.HandleError(response) ?? ChallengeDecision.NotAChallenge;
        alternate = null;
        domain = null;
        if (code == StunErrorCode.TryAlternate
            && _credential?.TryVerify(response, out VerifiedStunMessage verified) == true
            && TryAlternate.TryRead(verified, TransportAddress.FromIPEndPoint(Server), out TransportAddress address, out domain))
        {
            alternate = address.ToIPEndPoint();
        }

        return code;
    }

    private StunBinding ReadBinding(StunResponse response)
    {
        StunMessage.Decode(response.Message.Span, out StunMessage message);
        if (message.ReadXorMappedAddress(out TransportAddress mapped) != StunAttributeStatus.Present
            && message.ReadMappedAddress(out mapped) != StunAttributeStatus.Present)
        {
            throw new StunException(
                StunFailure.BadAnswer,
                $"{response.Server} answered without a mapped address.",
                "It may be another kind of server.");
        }

        bool hasOther = message.ReadOtherAddress(out TransportAddress other) == StunAttributeStatus.Present
            || message.ReadChangedAddress(out other) == StunAttributeStatus.Present;
        bool hasSoftware = message.ReadSoftware(out ReadOnlySpan<byte> software) == StunAttributeStatus.Present;
        return new StunBinding
        {
            Mapped = mapped.ToIPEndPoint(),
            Local = Local,
            Server = response.Server,
            Transport = Transport,
            RoundTripTime = response.RoundTripTime,
            Elapsed = response.Elapsed,
            Attempts = response.Attempts,
            Software = hasSoftware ? Encoding.UTF8.GetString(software) : null,
            Other = hasOther ? other.ToIPEndPoint() : null,
        };
    }
}
