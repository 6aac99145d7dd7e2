using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The start of a data connection: joins a new TCP or TLS connection with a peer's by ConnectionBind (RFC 6062 section 4.3). What follows the
/// success response on the connection is the peer's data.
/// </summary>
/// <remarks>
/// Sans-IO, single-threaded by contract. Inputs: <see cref="HandleMessage"/>, <see cref="HandleTimeout"/>, <see cref="HandleConnectionLost"/>.
/// Command: <see cref="ClientAllocation.BeginDataConnection"/>. Outputs: <see cref="TryReadTransmit"/> and <see cref="NextTimeout"/>, to be drained in this order after each.
/// Queries: <see cref="IsBound"/>, <see cref="Failure"/>. Dispose it to erase the key.
/// </remarks>
public sealed class ClientDataConnection : IDisposable
{
    private readonly ClientRequests _requests;

    internal ClientDataConnection(ClientRequests requests, ConnectionId connection, Instant now)
    {
        _requests = requests;
        _requests.Start(new ConnectionBindRequest(connection), now);
    }

    /// <summary>Whether the connection is the peer's now.</summary>
    public bool IsBound { get; private set; }

    /// <summary>Why it will not be; null while that is open.</summary>
    public RequestFailure? Failure { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null where it has come to an end.</summary>
    public Instant? NextTimeout => IsBound || Failure is not null ? null : _requests.NextTimeout;

    /// <summary>Takes a STUN message that was cut out of the stream.</summary>
    /// <param name="message">Exactly its bytes.</param>
    /// <param name="now">When it came.</param>
    public void HandleMessage(ReadOnlySpan<byte> message, Instant now)
    {
        _requests.HandleResponse(message, now);
        Advance(now);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        _requests.HandleTimeout(now);
        Advance(now);
    }

    /// <summary>Takes the end of the connection.</summary>
    /// <param name="now">When it came.</param>
    public void HandleConnectionLost(Instant now)
    {
        _requests.HandleConnectionLost(now);
        Advance(now);
    }

    /// <summary>Reads the next request to send.</summary>
    /// <param name="buffer">Where it goes; <see cref="ClientAllocation.MaxRequestSize"/> bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="transmit">Its length.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out StunTransmit transmit) => _requests.TryReadTransmit(buffer, now, out transmit);

    /// <summary>Erases the key.</summary>
    public void Dispose() => _requests.Dispose();

    private void Advance(Instant now)
    {
        while (_requests.TryReadCompleted(now, out _, out _, out RequestFailure? failure))
        {
            IsBound = failure is null;
            Failure = failure;
        }
    }
}
