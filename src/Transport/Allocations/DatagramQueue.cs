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
internal sealed class DatagramQueue(int capacity) : IValueTaskSource<bool>
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TurnDatagram> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_isReading)
            {
                throw new InvalidOperationException("One reader at a time.");
            }

            _isReading = true;
        }

        try
        {
            while (true)
            {
                ValueTask<bool> arrival;
                lock (_gate)
                {
                    if (_entries.TryDequeue(out Entry entry))
                    {
                        _bytes -= entry.Length;
                        return Take(entry, buffer.Span);
                    }

                    if (_end is not null)
                    {
                        throw _end is ObjectDisposedException ? new ObjectDisposedException(nameof(TurnAllocation)) : _end;
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

    bool IValueTaskSource<bool>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _waiter.OnCompleted(continuation, state, token, flags);

    private static TurnDatagram Take(Entry entry, Span<byte> buffer)
    {
        int length = Math.Min(entry.Length, buffer.Length);
        entry.Bytes.AsSpan(0, length).CopyTo(buffer);
        ArrayPool<byte>.Shared.Return(entry.Bytes);
        return new TurnDatagram(entry.Peer, length, length < entry.Length);
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
