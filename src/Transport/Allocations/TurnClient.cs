using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// A TURN server as a client knows it (RFC 8656, RFC 6062): where it is, and the credential. Each allocation has a socket of its own and finds the
/// server anew, as RFC 5928 section 3 asks. Holds no resource; safe for concurrent use.
/// </summary>
/// <example>
/// <code>
/// var turn = new TurnClient("turns:turn.example.org", new LongTermCredential("user", password));
/// await using TurnAllocation relay = await turn.AllocateAsync(cancellationToken);
/// await relay.PermitAsync(peer, cancellationToken);
/// await relay.SendAsync(payload, peer, cancellationToken);
/// TurnDatagram datagram = await relay.ReceiveAsync(buffer, cancellationToken);
/// </code>
/// </example>
public sealed class TurnClient
{
    // RFC 8656 section 7.4: a client SHOULD try three different client transport addresses.
    private const int MaxLocalAddresses = 3;

    private static readonly TimeSpan AddressDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TransportDelay = TimeSpan.FromSeconds(3);
    private static readonly StunTransport[] DefaultTransports = [StunTransport.Udp, StunTransport.Tcp];

    private readonly TurnRefusals _refusals;

    /// <summary>Names a server.</summary>
    /// <param name="server">A host, host:port, or URI; see <see cref="StunServerReference"/>.</param>
    /// <param name="credential">The credential; null for a server that asks for none.</param>
    /// <exception cref="FormatException">The text names no server.</exception>
    public TurnClient(string server, LongTermCredential? credential)
        : this(StunServerReference.Parse(server), credential, new TurnClientOptions())
    {
    }

    /// <summary>Names a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="credential">The credential; null for a server that asks for none.</param>
    /// <param name="options">How it is reached.</param>
    public TurnClient(StunServerReference server, LongTermCredential? credential, TurnClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        Server = server;
        Credential = credential;
        Options = options;
        _refusals = new TurnRefusals(options.TimeProvider);
    }

    /// <summary>The server.</summary>
    public StunServerReference Server { get; }

    internal LongTermCredential? Credential { get; }

    internal TurnClientOptions Options { get; }

    /// <summary>Makes an allocation with the default options.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TurnException">There is none.</exception>
    public Task<TurnAllocation> AllocateAsync(CancellationToken cancellationToken = default) => AllocateAsync(new TurnAllocationOptions(), cancellationToken);

    /// <summary>
    /// Makes an allocation. A name with several addresses is tried at all of them, 250 ms apart, and the first one that allocates wins; TCP follows
    /// UDP after 3 s where both are allowed. A redirection (300) is followed once, where it is authenticated. A server that has said 437, 486 or 508
    /// is left alone for as long as RFC 8656 section 7.4 says.
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options ask for what the RFC forbids to ask for.</exception>
    /// <exception cref="TurnException">There is none.</exception>
    public async Task<TurnAllocation> AllocateAsync(TurnAllocationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TurnAllocation(this, options, await OpenAsync(options, cancellationToken).ConfigureAwait(false));
    }

    internal async Task<AllocationSession> OpenAsync(TurnAllocationOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<TurnServerAddress> servers = await LocateAsync(options, cancellationToken).ConfigureAwait(false);
        return await ConnectionRace.RunAsync(
            servers,
            (server, token) => new Attempt(this, options).RunAsync(server, token),
            Options.TimeProvider,
            cancellationToken,
            static (before, next) => before.Transport == next.Transport ? AddressDelay : TransportDelay).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<TurnServerAddress>> LocateAsync(TurnAllocationOptions options, CancellationToken cancellationToken)
    {
        StunTransport[] transports = Options.Transport is { } given ? [given] : Server.Transport is { } demanded ? [demanded] : DefaultTransports;
        if (options.Protocol == RelayProtocol.Tcp && Options.Transport is null)
        {
            // RFC 6062 section 4.1: TCP allocations cannot be obtained over UDP.
            transports = [.. transports.Where(static transport => transport != StunTransport.Udp)];
        }

        IReadOnlyList<TurnServerAddress> servers;
        try
        {
            servers = await (Options.Locator ?? new TurnServerLocator()).LocateAsync(Server, transports, Options.Family, cancellationToken).ConfigureAwait(false);
        }
        catch (StunResolutionException error)
        {
            throw TurnFailures.From(StunFailures.From(error));
        }

        List<TurnServerAddress> open = [.. servers.Where(server => !_refusals.Contains(server.EndPoint))];
        return open.Count != 0 ? open : throw _refusals.Explain(servers[0].EndPoint);
    }

    /// <summary>The tries at one address: other local ports, and one redirection.</summary>
    private sealed class Attempt(TurnClient client, TurnAllocationOptions options)
    {
        private bool _redirected;
        private string? _expectedHost = client.Options.Tls.ExpectedHost;

        public async Task<AllocationSession> RunAsync(TurnServerAddress server, CancellationToken cancellationToken)
        {
            for (int tries = 1; ; tries++)
            {
                AllocationSession session = await ConnectAsync(server, cancellationToken).ConfigureAwait(false);
                RequestFailure? failure;
                try
                {
                    failure = await session.AllocateAsync(cancellationToken).ConfigureAwait(false);
                    if (failure is null)
                    {
                        return session;
                    }
                }
                catch
                {
                    await session.DisposeAsync().ConfigureAwait(false);
                    throw;
                }

                await session.DisposeAsync().ConfigureAwait(false);
                if (failure.Alternate is { } alternate && !_redirected)
                {
                    _redirected = true;
                    _expectedHost = failure.AlternateDomain ?? _expectedHost;
                    server = server with { EndPoint = alternate.ToIPEndPoint() };
                    tries = 0;
                }
                else if (failure.Code != StunErrorCode.AllocationMismatch || tries == MaxLocalAddresses || client.Options.Local is { Port: not 0 })
                {
                    TurnException error = session.Explain(failure, "an allocation");
                    client._refusals.Note(server.EndPoint, error);
                    throw error;
                }
            }
        }

        private async Task<AllocationSession> ConnectAsync(TurnServerAddress server, CancellationToken cancellationToken)
        {
            ClientAllocationOptions asked = options.ToClientOptions(client.Credential, client.Options.Schedule, server.Transport);
            LinkOptions how = client.Options.ToLinkOptions();
            how = how with { Tls = how.Tls with { ExpectedHost = _expectedHost } };
            StunLink? link = null;
            try
            {
                link = await StunLink.OpenAsync(server.EndPoint, server.HostName, server.Transport, how, cancellationToken).ConfigureAwait(false);
                return new AllocationSession(link, asked, _expectedHost ?? server.HostName, client.Options);
            }
            catch (StunException error)
            {
                throw TurnFailures.From(error);
            }
            catch (ArgumentException)
            {
                await link!.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
