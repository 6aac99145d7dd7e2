using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>One component of one data stream: where data goes out and comes in. Safe for concurrent use, with one receiver at a time.</summary>
public sealed class IceComponent
{
    private readonly IceConnection _connection;
    private long _unsent;

    internal IceComponent(IceConnection connection, int stream, int id, int queueCapacity)
    {
        _connection = connection;
        Stream = stream;
        Id = id;
        Received = new DatagramQueue(queueCapacity, nameof(IceConnection));
    }

    /// <summary>The data stream, counted from 0.</summary>
    public int Stream { get; }

    /// <summary>The component, counted from 1.</summary>
    public int Id { get; }

    /// <summary>The path that data takes; null without one.</summary>
    public IcePath? Path { get; internal set; }

    /// <summary>How many datagrams were dropped because <see cref="ReceiveAsync"/> was too slow.</summary>
    public long Dropped => Received.Dropped;

    /// <summary>How many datagrams were not sent because there was no path, or no consent of the peer.</summary>
    public long Unsent => Interlocked.Read(ref _unsent);

    internal DatagramQueue Received { get; }

    /// <summary>Sends a datagram at once. It may be lost, as all datagrams. Allocates nothing.</summary>
    /// <param name="payload">The payload. Its first byte should not look like STUN (0 to 3, RFC 7983 section 7).</param>
    /// <returns>False where there is no path.</returns>
    public bool TrySend(ReadOnlySpan<byte> payload)
    {
        if (_connection.Driver.Send(Stream, Id, payload))
        {
            return true;
        }

        Interlocked.Increment(ref _unsent);
        return false;
    }

    /// <summary>Sends a datagram. It may be lost, as all datagrams; where the path is lost it is dropped.</summary>
    /// <param name="payload">The payload; it may be reused when the call is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There was never a path: connect first.</exception>
    /// <exception cref="IceException">The session has failed.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (!TrySend(payload.Span))
        {
            _connection.CheckCanSend(this);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Receives the next datagram. One call at a time. Allocates nothing.</summary>
    /// <param name="buffer">Where it goes; what does not fit is lost.</param>
    /// <param name="cancellationToken">Gives up; no datagram is lost by that.</param>
    /// <returns>How many bytes were copied.</returns>
    /// <exception cref="InvalidOperationException">Another call is waiting.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<TurnDatagram> reading = Received.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<int>(reading.Result.Length) : AwaitAsync(reading);
    }

    internal bool HadPath { get; set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> AwaitAsync(ValueTask<TurnDatagram> reading) => (await reading.ConfigureAwait(false)).Length;
}
