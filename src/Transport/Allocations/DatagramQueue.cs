using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Datagrams that wait for one reader: bounded in number and in bytes, drops the newest, and allocates nothing for a datagram once it is warm.
/// </summary>
internal sealed class DatagramQueue(int capacity, string owner) : IValueTaskSource<bool>
{
    private const int MaxBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private ManualResetValueTaskSourceCore<bool> _waiter = new() { RunContinuationsAsynchronously = true };
    private bool _isWaiting;
    private bool _isReading;
    private long _bytes;
    private long _dropped;
    private Exception? _end;

    /// <summary>How many datagrams found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Enqueue(TransportAddress peer, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            if (_entries.Count >= capacity || _bytes + payload.Length > MaxBytes)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            byte[] bytes = ArrayPool<byte>.Shared.Rent(payload.Length);
            payload.CopyTo(bytes);
            _entries.Enqueue(new Entry(peer, bytes, payload.Length));
            _bytes += payload.Length;
            Wake();
        }
    }

    /// <summary>Ends the queue: what waits can still be read, then reading throws.</summary>
    public void Complete(Exception end)
    {
        lock (_gate)
        {
            _end ??= end;
            Wake();
        }
    }

    /// <summary>Reads the next datagram; one reader at a time.</summary>
    public ValueTask<TurnDatagram> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TurnDatagram>(cancellationToken);
        }

        lock (_gate)
        {
            if (_isReading)
            {
                throw new InvalidOperationException("One reader at a time.");
            }

            if (TryTake(buffer.Span, out TurnDatagram datagram))
            {
                return new ValueTask<TurnDatagram>(datagram);
            }

            _isReading = true;
        }

        return WaitAsync(buffer, cancellationToken);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _waiter.OnCompleted(continuation, state, token, flags);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TurnDatagram> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ValueTask<bool> arrival;
                lock (_gate)
                {
                    if (TryTake(buffer.Span, out TurnDatagram datagram))
                    {
                        return datagram;
                    }

                    _waiter.Reset();
                    _isWaiting = true;
                    arrival = new ValueTask<bool>(this, _waiter.Version);
                }

                using (cancellationToken.UnsafeRegister(static state => ((DatagramQueue)state!).Interrupt(), this))
                {
                    await arrival.ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            lock (_gate)
            {
                _isReading = false;
            }
        }
    }

    // Under the lock. What waits is read before the end is told.
    private bool TryTake(Span<byte> buffer, out TurnDatagram datagram)
    {
        datagram = default;
        if (!_entries.TryDequeue(out Entry entry))
        {
            return _end switch
            {
                null => false,
                TurnException lost => throw new TurnException(lost.Failure, lost.Message, lost.Hint, lost),
                _ => throw new ObjectDisposedException(owner),
            };
        }

        int length = Math.Min(entry.Length, buffer.Length);
        entry.Bytes.AsSpan(0, length).CopyTo(buffer);
        ArrayPool<byte>.Shared.Return(entry.Bytes);
        _bytes -= entry.Length;
        datagram = new TurnDatagram(entry.Peer, length, length < entry.Length);
        return true;
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    private void Wake()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _waiter.SetResult(true);
        }
    }

    private readonly record struct Entry(TransportAddress Peer, byte[] Bytes, int Length);
}
