using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One way to one server that carries messages: a UDP socket, or a TCP connection with or without TLS.</summary>
internal abstract class StunLink : IAsyncDisposable
{
    public required IPEndPoint Server { get; init; }

    public required IPEndPoint Local { get; init; }

    public required StunTransport Transport { get; init; }

    /// <summary>Opens a link, within the time that the options give.</summary>
    /// <param name="server">The server.</param>
    /// <param name="host">The name that the certificate must carry, unless the options say another.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StunException">It cannot be opened.</exception>
    public static async Task<StunLink> OpenAsync(
        IPEndPoint server, string host, StunTransport transport, LinkOptions options, CancellationToken cancellationToken)
    {
        if (transport != StunTransport.Udp && ForbiddenPorts.Contains(server.Port))
        {
            throw new StunException(
                StunFailure.ForbiddenPort,
                $"Port {server.Port} is not contacted over TCP: a service other than STUN lives there.",
                "Use the server's STUN port, 3478 or 5349 by default.");
        }

        try
        {
            if (transport == StunTransport.Udp)
            {
                return UdpLink.Open(server, options);
            }

            using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                return await StreamLink.CreateAsync(server, host, transport, options, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException();
            }
        }
        catch (Exception error) when (error is not (OperationCanceledException or StunException))
        {
            throw StunFailures.FromConnect(error, server, transport);
        }
    }

    /// <summary>Begins to receive; once.</summary>
    public abstract void Start(ILinkSink sink);

    /// <summary>Sends at once without waiting.</summary>
    /// <returns>False where the network refuses, or where too much waits to be sent.</returns>
    public abstract bool Send(ReadOnlySpan<byte> message);

    /// <summary>Sends, and waits where too much waits to be sent. Where the network refuses, the sink is told.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
