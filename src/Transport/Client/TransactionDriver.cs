using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Gives a <see cref="TransactionTable"/> a clock and a way out: inputs from the receive loop, the timer and callers are taken one at a time
/// under a lock, within which nothing is awaited.
/// </summary>
internal sealed class TransactionDriver : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TransactionTable _table;
    private readonly MonotonicClock _clock;
    private readonly Func<ReadOnlySpan<byte>, TransportAddress, bool> _send;
    private readonly Action<bool, ReadOnlySpan<byte>, TransportAddress>? _trace;
    private readonly ITimer _timer;
    private readonly byte[] _buffer = new byte[StunClient.RequestBufferSize];
    private bool _lost;
    private bool _disposed;

    /// <summary>Takes a table over.</summary>
    /// <param name="table">The table, from now on the driver's.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="send">Sends at once without blocking; false where the network refuses.</param>
    /// <param name="trace">Sees what is sent (true) and received (false); null for nobody.</param>
    public TransactionDriver(
        TransactionTable table,
        MonotonicClock clock,
        Func<ReadOnlySpan<byte>, TransportAddress, bool> send,
        Action<bool, ReadOnlySpan<byte>, TransportAddress>? trace = null)
    {
        _trace = trace;
        _table = table;
        _clock = clock;
        _send = send;
        _timer = clock.TimeProvider.CreateTimer(static state => ((TransactionDriver)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs a transaction to its end.</summary>
    public async Task<RequestTransaction> ExecuteAsync(
        ReadOnlyMemory<byte> request,
        TransportAddress destination,
        IClientCredential? credential,
        bool reliable,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var completion = new TaskCompletionSource<RequestTransaction>(TaskCreationOptions.RunContinuationsAsynchronously);
        RequestTransaction transaction = Start(request, destination, credential, reliable, completion);
        try
        {
            return await completion.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _table.Cancel(transaction, _clock.Now);
                Pump();
            }

            throw;
        }
    }

    public void HandleDatagram(ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        lock (_gate)
        {
            _trace?.Invoke(false, datagram, source);
            _table.HandleDatagram(datagram, source, _clock.Now);
            Pump();
        }
    }

    public void HandleUnreachable(TransportAddress destination)
    {
        lock (_gate)
        {
            _table.HandleUnreachable(destination, _clock.Now);
            Pump();
        }
    }

    public void HandleConnectionLost()
    {
        lock (_gate)
        {
            _lost = true;
            _table.HandleConnectionLost(_clock.Now);
            Pump();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _table.HandleConnectionLost(_clock.Now);
            Pump();
            _disposed = true;
        }

        _timer.Dispose();
    }

    private RequestTransaction Start(
        ReadOnlyMemory<byte> request,
        TransportAddress destination,
        IClientCredential? credential,
        bool reliable,
        TaskCompletionSource<RequestTransaction> completion)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(StunClient));
            var description = new TransactionRequest
            {
                Message = request.Span,
                Destination = destination,
                Credential = credential,
                Reliable = reliable,
                Tag = completion,
            };
            if (!_table.TryStart(description, _clock.Now, out RequestTransaction? transaction))
            {
                throw new InvalidOperationException($"More than {_table.Capacity} requests are in progress.");
            }

            if (_lost)
            {
                // Nothing will be read any more: what is sent now would wait for its whole time.
                _table.HandleConnectionLost(_clock.Now);
            }

            Pump();
            return transaction;
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _table.HandleTimeout(_clock.Now);
                Pump();
            }
        }
    }

    // Transmits first, as the core asks. Then the deadline, before anybody is told of an end: who is told finds no timer of what has ended.
    private void Pump()
    {
        while (_table.TryReadTransmit(_buffer, _clock.Now, out StunTransmit transmit))
        {
            _trace?.Invoke(true, _buffer.AsSpan(0, transmit.Length), transmit.Destination);
            if (!_send(_buffer.AsSpan(0, transmit.Length), transmit.Destination))
            {
                _table.HandleUnreachable(transmit.Destination, _clock.Now);
            }
        }

        if (!_disposed)
        {
            _timer.Change(_clock.Until(_table.NextTimeout), Timeout.InfiniteTimeSpan);
        }

        while (_table.TryReadCompleted(out RequestTransaction? transaction))
        {
            ((TaskCompletionSource<RequestTransaction>)transaction.Tag!).TrySetResult(transaction);
        }
    }
}
