using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// What has come to the sockets of one loop, in memory that does not move: slots with room for the largest datagram, and for headers around it, so that
/// what is relayed is sent from where it was received. Only pages that datagrams have filled cost memory.
/// </summary>
internal sealed class ArrivalBatch
{
    /// <summary>How many slots there are.</summary>
    public const int Slots = 64;

    /// <summary>The room for a datagram, and then some: one that fills it was cut.</summary>
    public const int MessageSize = 65_600;

    /// <summary>The most datagrams in one message; more than any system puts there.</summary>
    public const int MaxSegments = 128;

    private const int Around = TurnServer.Headroom + TurnServer.Tailroom;

    // No multiple of 4 KiB: the beginnings of all slots would share a few lines of the processor's cache.
    private const int SlotSize = ((TurnServer.Headroom + MessageSize + (MaxSegments * Around) + 63) & ~63) + 192;

    private readonly ArrivedMessage[] _messages = new ArrivedMessage[Slots];
    private bool _spreads;
    private int _used;
    private int _count;
    private int _current;
    private int _segment;

    public PinnedBuffer Buffer { get; } = new(Slots * SlotSize, clean: false);

    /// <summary>How many slots can still be filled before <see cref="Release"/>.</summary>
    public int Free => Slots - _used;

    /// <summary>How many datagrams of the last batch did not fit, and are gone.</summary>
    public int Truncated { get; private set; }

    /// <summary>Where the bytes of the next message go; <see cref="MessageSize"/> of them.</summary>
    /// <param name="ahead">How many messages after the next one.</param>
    public int GetOffset(int ahead) => GetStart(_used + ahead);

    /// <summary>Begins a batch: what <see cref="TryRead"/> has not read of the last one is gone.</summary>
    /// <param name="spreads">
    /// Whether each datagram needs <see cref="TurnServer.Headroom"/> before it and <see cref="TurnServer.Tailroom"/> behind it; otherwise those of one message
    /// stand side by side.
    /// </param>
    public void Begin(bool spreads)
    {
        _spreads = spreads;
        _count = 0;
        _current = 0;
        _segment = 0;
        Truncated = 0;
    }

    /// <summary>Adds the message that has been put where <see cref="GetOffset"/> said.</summary>
    public void Add(int length, int segmentSize, TransportAddress source, byte trafficClass)
        => _messages[_count++] = new ArrivedMessage(_used++, length, segmentSize < length ? segmentSize : 0, source, trafficClass);

    /// <summary>Leaves out the message that has been put where <see cref="GetOffset"/> said: it was cut.</summary>
    public void AddTruncated()
    {
        _used++;
        Truncated++;
    }

    /// <summary>Takes the next datagram.</summary>
    public bool TryRead(out DatagramArrival arrival)
    {
        if (_current >= _count)
        {
            arrival = default;
            return false;
        }

        ref readonly ArrivedMessage message = ref _messages[_current];
        int start = GetStart(message.Slot);
        if (message.SegmentSize == 0)
        {
            arrival = new DatagramArrival(start, message.Length, message.Source, message.TrafficClass);
            _current++;
            return true;
        }

        if (_segment == 0 && _spreads)
        {
            Spread(message, start);
        }

        int at = _segment * message.SegmentSize;
        int length = Math.Min(message.SegmentSize, message.Length - at);
        arrival = new DatagramArrival(start + at + (_spreads ? _segment * Around : 0), length, message.Source, message.TrafficClass);
        _segment++;
        if (at + length >= message.Length || _segment == MaxSegments)
        {
            _segment = 0;
            _current++;
        }

        return true;
    }

    /// <summary>All slots can be filled anew; what is in them has been sent or is not needed.</summary>
    public void Release() => _used = 0;

    private static int GetStart(int slot) => (slot * SlotSize) + TurnServer.Headroom;

    // From the last to the first, so that none is overwritten before it has moved.
    private void Spread(in ArrivedMessage message, int start)
    {
        int last = Math.Min((message.Length - 1) / message.SegmentSize, MaxSegments - 1);
        for (int segment = last; segment > 0; segment--)
        {
            int at = segment * message.SegmentSize;
            int length = Math.Min(message.SegmentSize, message.Length - at);
            Buffer.Slice(start + at, length).CopyTo(Buffer.Slice(start + at + (segment * Around), length));
        }
    }
}
