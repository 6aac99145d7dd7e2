using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One way to one server: a UDP socket, or a TCP connection with or without TLS.</summary>
internal abstract class StunConnection : IAsyncDisposable
{
    public required IPEndPoint Server { get; init; }

    public required IPEndPoint Local { get; init; }

    public required StunTransport Transport { get; init; }

    /// <summary>Runs a request to the end of its transaction.</summary>
    public abstract Task<RequestTransaction> ExecuteAsync(
        ReadOnlyMemory<byte> request,
        IClientCredential? credential,
        CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
