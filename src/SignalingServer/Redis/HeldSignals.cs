using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>
/// What could not be carried, in its order, and what was given to a connection that has not confirmed it: that one may have arrived or not, and is sent
/// again. Bounded in number, size and age; the oldest goes first.
/// </summary>
internal sealed class HeldSignals
{
    public const int MaxCount = 4096;
    public const int MaxBytes = 4 << 20;

    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly LinkedList<HeldSignal> _held = new();
    private readonly Queue<HeldSignal> _unconfirmed = new();
    private long _bytes;

    /// <summary>How many were lost because there were too many, or they were too old.</summary>
    public long Lost { get; private set; }

    public bool IsEmpty => _held.Count == 0;

    public void Hold(HeldSignal signal)
    {
        _held.AddLast(signal);
        _bytes += signal.Payload.Length;
        Trim();
    }

    /// <summary>Takes the oldest one that is not too old.</summary>
    public bool TryTake(Instant now, out HeldSignal? signal)
    {
        signal = null;
        while (signal is null && _held.First is { } first)
        {
            Remove(first);
            if (now - first.Value.Since <= MaxAge)
            {
                signal = first.Value;
            }
            else
            {
                Lost++;
            }
        }

        return signal is not null;
    }

    /// <summary>One was given to the connection.</summary>
    public void Sent(HeldSignal signal) => _unconfirmed.Enqueue(signal);

    /// <summary>The connection has confirmed the next one.</summary>
    public void Confirmed() => _unconfirmed.TryDequeue(out _);

    /// <summary>The connection is gone: what it has not confirmed is held again, before all others.</summary>
    public void TakeBack()
    {
        LinkedListNode<HeldSignal>? last = null;
        while (_unconfirmed.TryDequeue(out HeldSignal? signal))
        {
            last = last is null ? _held.AddFirst(signal) : _held.AddAfter(last, signal);
            _bytes += signal.Payload.Length;
        }

        Trim();
    }

    private void Trim()
    {
        while ((_held.Count > MaxCount || _bytes > MaxBytes) && _held.First is { } first)
        {
            Remove(first);
            Lost++;
        }
    }

    private void Remove(LinkedListNode<HeldSignal> node)
    {
        _held.Remove(node);
        _bytes -= node.Value.Payload.Length;
    }
}
