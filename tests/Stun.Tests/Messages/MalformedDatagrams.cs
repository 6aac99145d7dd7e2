using System;
using System.Buffers.Binary;

namespace Stack.Stun.Tests;

/// <summary>
/// A seeded source of datagrams that are almost right: good messages with wrong lengths, cut ends, flipped bits, odd attributes. Always in
/// arrays of exactly their size.
/// </summary>
internal sealed class MalformedDatagrams(int seed)
{
    private static readonly ushort[] Types =
    [
        0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x0008, 0x0009, 0x000A, 0x000B, 0x0014, 0x0015, 0x001C, 0x001D, 0x001E, 0x0020,
        0x0026, 0x0027, 0x8002, 0x8003, 0x8022, 0x8023, 0x8027, 0x8028, 0x802B, 0x802C,
    ];

    private readonly Random _random = new(seed);
    private readonly byte[] _scratch = new byte[512];

    public byte[] Next()
    {
        int size = Build();
        byte[] datagram = _scratch.AsSpan(0, size).ToArray();
        switch (_random.Next(8))
        {
            case 0 when size > 0:
                datagram[_random.Next(size)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                datagram = datagram[.._random.Next(size + 1)];
                break;
            case 2:
                Array.Resize(ref datagram, size + 1 + _random.Next(8));
                break;
            case 3:
                BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)_random.Next(0x10000));
                break;
        }

        return datagram;
    }

    private int Build()
    {
        _random.NextBytes(_scratch);
        BinaryPrimitives.WriteUInt16BigEndian(_scratch, (ushort)_random.Next(0x4000));
        BinaryPrimitives.WriteUInt32BigEndian(_scratch.AsSpan(4), StunMessage.MagicCookie);
        int at = StunMessage.HeaderSize;
        for (int count = _random.Next(6); count > 0; count--)
        {
            int length = _random.Next(4) == 0 ? _random.Next(64) : Likely(_random.Next(8));
            BinaryPrimitives.WriteUInt16BigEndian(_scratch.AsSpan(at), _random.Next(8) == 0 ? (ushort)_random.Next(0x10000) : Types[_random.Next(Types.Length)]);
            BinaryPrimitives.WriteUInt16BigEndian(_scratch.AsSpan(at + 2), (ushort)(_random.Next(40) == 0 ? _random.Next(0x10000) : length));
            if (length > 1 && _random.Next(2) == 0)
            {
                _scratch[at + 5] = (byte)_random.Next(1, 3);
            }

            at += 4 + ((length + 3) & ~3);
        }

        BinaryPrimitives.WriteUInt16BigEndian(_scratch.AsSpan(2), (ushort)(at - StunMessage.HeaderSize));
        return at;
    }

    // The sizes that some attribute has.
    private static int Likely(int choice) => choice switch
    {
        0 => 0,
        1 => 2,
        2 => 4,
        3 => 8,
        4 => 16,
        _ => choice == 5 ? 32 : 20,
    };
}
