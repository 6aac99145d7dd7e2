using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Cli;

/// <summary>
/// The payloads of a run: mark, flow, sequence, time and a check over them, then bytes of a random pattern from a place that flow and sequence
/// choose. Every byte that arrives is known, so that no change, mix-up or cut goes unseen.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         Mark of the run                       |
/// |                              Flow                             |
/// |                                                               |
/// |                            Sequence                           |
/// |                                                               |
/// |                     Time of sending (ticks)                   |
/// |                              Check                            |
/// |                          Pattern ...                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
internal sealed class LoadPayload
{
    public const int HeaderSize = 28;

    private const int Places = 4096;

    private readonly byte[] _pattern;

    /// <param name="size">The size of each payload, <see cref="HeaderSize"/> at least.</param>
    public LoadPayload(int size)
    {
        Size = size;
        Mark = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4));
        _pattern = RandomNumberGenerator.GetBytes(Places + size);
    }

    public int Size { get; }

    /// <summary>What tells the packets of this run from all others.</summary>
    public uint Mark { get; }

    public void Write(Span<byte> payload, uint flow, long sequence, long sentAt)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], flow);
        BinaryPrimitives.WriteInt64BigEndian(payload[8..], sequence);
        BinaryPrimitives.WriteInt64BigEndian(payload[16..], sentAt);
        BinaryPrimitives.WriteUInt32BigEndian(payload[24..], Check(flow, sequence, sentAt));
        GetBody(flow, sequence).CopyTo(payload[HeaderSize..]);
    }

    /// <summary>Reads a payload; false where one byte is not what it was.</summary>
    public bool TryRead(ReadOnlySpan<byte> payload, out uint flow, out long sequence, out long sentAt)
    {
        flow = 0;
        sequence = 0;
        sentAt = 0;
        if (payload.Length != Size || BinaryPrimitives.ReadUInt32BigEndian(payload) != Mark)
        {
            return false;
        }

        flow = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        sequence = BinaryPrimitives.ReadInt64BigEndian(payload[8..]);
        sentAt = BinaryPrimitives.ReadInt64BigEndian(payload[16..]);
        return BinaryPrimitives.ReadUInt32BigEndian(payload[24..]) == Check(flow, sequence, sentAt)
            && payload[HeaderSize..].SequenceEqual(GetBody(flow, sequence));
    }

    private ReadOnlySpan<byte> GetBody(uint flow, long sequence)
    {
        ulong place = ((flow * 97UL) + ((ulong)sequence * 61)) % Places;
        return _pattern.AsSpan((int)place, Size - HeaderSize);
    }

    private uint Check(uint flow, long sequence, long sentAt)
    {
        ulong mixed = ((ulong)Mark << 32) ^ flow;
        mixed = (mixed ^ (ulong)sequence) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 29) ^ (ulong)sentAt) * 0xBF58476D1CE4E5B9;
        return (uint)(mixed >> 32);
    }
}
