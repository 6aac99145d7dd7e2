using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Makes a connection to a server and joins it with a peer's (RFC 6062 section 4.3).</summary>
internal static class DataConnection
{
    public static async Task<Stream> OpenAsync(
        AllocationSession session, ClientDataConnection binding, LinkOptions options, MonotonicClock clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Stream? stream = null;
        try
        {
            (stream, _) = await StreamLink.ConnectAsync(session.Server, session.Host, session.Transport, options, either.Token).ConfigureAwait(false);
            RequestFailure? failure = await BindAsync(stream, binding, clock, either.Token).ConfigureAwait(false);
            if (failure is null)
            {
                Stream bound = stream;
                stream = null;
                return bound;
            }

            throw session.Explain(failure, "a data connection");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TurnFailures.From(StunFailures.FromConnect(new TimeoutException(), session.Server, session.Transport));
        }
        catch (Exception error) when (error is not (OperationCanceledException or TurnException))
        {
            throw TurnFailures.From(StunFailures.FromConnect(error, session.Server, session.Transport));
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<RequestFailure?> BindAsync(
        Stream stream, ClientDataConnection binding, MonotonicClock clock, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ClientAllocation.MaxRequestSize];
        while (true)
        {
            while (binding.TryReadTransmit(buffer, clock.Now, out StunTransmit transmit))
            {
                await stream.WriteAsync(buffer.AsMemory(0, transmit.Length), cancellationToken).ConfigureAwait(false);
            }

            if (binding.IsBound || binding.Failure is not null)
            {
                return binding.Failure;
            }

            int length = await ReadMessageAsync(stream, buffer, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                binding.HandleConnectionLost(clock.Now);
            }
            else
            {
                binding.HandleMessage(buffer.AsSpan(0, length), clock.Now);
            }
        }
    }

    // Exactly one message: what follows the last response is the peer's. 0 where the stream ends, or carries something else.
    private static async Task<int> ReadMessageAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        int read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, StunMessage.HeaderSize), StunMessage.HeaderSize, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        int rest = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2));
        if (read < StunMessage.HeaderSize || rest > buffer.Length - StunMessage.HeaderSize)
        {
            return 0;
        }

        int body = await stream.ReadAtLeastAsync(buffer.AsMemory(StunMessage.HeaderSize, rest), rest, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return body < rest ? 0 : StunMessage.HeaderSize + rest;
    }
}
