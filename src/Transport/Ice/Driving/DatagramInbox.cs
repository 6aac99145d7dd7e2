using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Datagrams that came while their agent was busy, so that no receive loop waits for an agent. Bounded; drops the newest.</summary>
internal sealed class DatagramInbox
{
    private const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private volatile int _count;

    public bool IsEmpty => _count == 0;

    public bool TryAdd(int baseId, TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_entries.Count >= Capacity)
            {
                return false;
            }

            byte[] bytes = ArrayPool<byte>.Shared.Rent(datagram.Length);
            datagram.CopyTo(bytes);
            _entries.Enqueue(new Entry(baseId, source, bytes, datagram.Length));
            _count = _entries.Count;
            return true;
        }
    }

    /// <summary>Takes the next one; its bytes go back by <see cref="Return"/>.</summary>
    public bool TryTake(out Entry entry)
    {
        if (IsEmpty)
        {
            entry = default;
            return false;
        }

        lock (_gate)
        {
            bool taken = _entries.TryDequeue(out entry);
            _count = _entries.Count;
            return taken;
        }
    }

    public static void Return(in Entry entry) => ArrayPool<byte>.Shared.Return(entry.Bytes);

    public readonly record struct Entry(int BaseId, TransportAddress Source, byte[] Bytes, int Length);
}
