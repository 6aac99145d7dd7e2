using System;

namespace Stack.Transport;

/// <summary>
/// Where a loop writes its own messages and keeps those of streams until they are sent: the beginning is filled, and filled anew once all of it has left.
/// </summary>
internal sealed class DepartureBuffer(DatagramPoller poller)
{
    /// <summary>Room for every datagram and every frame.</summary>
    private const int MaxMessageSize = ArrivalBatch.MessageSize;
    private const int Capacity = 4 * MaxMessageSize;
    private const int Most = 2 * MaxMessageSize;

    private int _used;

    /// <summary>The buffer.</summary>
    public PinnedBuffer Outbound { get; } = new(Capacity, clean: false);

    /// <summary>Where the next message begins: there is room for any, and for another one behind it.</summary>
    public int Next
    {
        get
        {
            if (_used > Capacity - Most)
            {
                poller.Flush();
                _used = 0;
            }

            return _used;
        }
    }

    /// <summary>The room for one message.</summary>
    /// <param name="offset">Where it begins.</param>
    public Span<byte> GetRoom(int offset) => Outbound.Slice(offset, MaxMessageSize);

    /// <summary>The message at <see cref="Next"/> is queued, and stays.</summary>
    /// <param name="length">Its length.</param>
    public void Keep(int length) => _used += (length + 7) & ~7;

    /// <summary>Nothing is queued any more.</summary>
    public void Release() => _used = 0;
}
