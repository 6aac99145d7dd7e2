using System;
using System.Collections.Generic;

namespace Stack.Simulation;

/// <summary>Segments that came before those in front of them.</summary>
internal sealed class ReceiveBuffer
{
    private const int MaxSegments = 256;

    private readonly SortedList<long, byte[]> _segments = [];

    public void Add(long sequence, ReadOnlySpan<byte> bytes)
    {
        // What has no room is sent again.
        if (!bytes.IsEmpty && _segments.Count < MaxSegments && (!_segments.TryGetValue(sequence, out byte[]? known) || known.Length < bytes.Length))
        {
            _segments[sequence] = bytes.ToArray();
        }
    }

    /// <summary>Takes out the bytes that come next, if they are there.</summary>
    public bool TryTake(long next, out ReadOnlyMemory<byte> bytes)
    {
        while (_segments.Count != 0 && _segments.GetKeyAtIndex(0) <= next)
        {
            long sequence = _segments.GetKeyAtIndex(0);
            byte[] segment = _segments.GetValueAtIndex(0);
            _segments.RemoveAt(0);
            if (sequence + segment.Length > next)
            {
                bytes = segment.AsMemory((int)(next - sequence));
                return true;
            }
        }

        bytes = default;
        return false;
    }
}
