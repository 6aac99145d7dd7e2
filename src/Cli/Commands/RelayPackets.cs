using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Cli;

/// <summary>
/// The packets of a test: a random mark, a number, and bytes that follow from both, so that each byte that comes back is known. Counts what came.
/// </summary>
internal sealed class RelayPackets(int count, int size, TimeProvider time)
{
    private const int HeaderSize = 12;

    private readonly ulong _mark = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));
    private readonly long[] _sentAt = new long[count];
    private readonly bool[] _received = new bool[count];
    private readonly byte[] _expected = new byte[size];

    public int Sent { get; private set; }

    public int Received { get; private set; }

    /// <summary>Packets that came back changed.</summary>
    public int Corrupted { get; private set; }

    public bool IsComplete => Received == count;

    public RoundTripSummary RoundTrips { get; } = new();

    public double LostPercent => Sent == 0 ? 0 : 100.0 * (Sent - Received) / Sent;

    public void WriteNext(Span<byte> packet)
    {
        Write(packet, Sent);
        _sentAt[Sent++] = time.GetTimestamp();
    }

    public void Note(ReadOnlySpan<byte> packet)
    {
        long now = time.GetTimestamp();
        if (packet.Length < HeaderSize || BinaryPrimitives.ReadUInt64BigEndian(packet) != _mark)
        {
            Corrupted++;
            return;
        }

        int number = BinaryPrimitives.ReadInt32BigEndian(packet[8..]);
        if ((uint)number >= (uint)Sent)
        {
            Corrupted++;
            return;
        }

        Write(_expected, number);
        if (!packet.SequenceEqual(_expected))
        {
            Corrupted++;
        }
        else if (!_received[number])
        {
            _received[number] = true;
            Received++;
            RoundTrips.Add(time.GetElapsedTime(_sentAt[number], now));
        }
    }

    private void Write(Span<byte> packet, int number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(packet, _mark);
        BinaryPrimitives.WriteInt32BigEndian(packet[8..], number);
        ulong state = _mark ^ (ulong)number;
        for (int i = HeaderSize; i < packet.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            packet[i] = (byte)(state >> 56);
        }
    }
}
