using System;
using System.Buffers.Binary;

namespace Stack.Fuzz;

/// <summary>Draws one attribute: mostly a plausible value of its type, sometimes one just beside the rules, now and then noise.</summary>
public sealed class AttributeSketch(FuzzRandom random)
{
    /// <summary>The most bytes that one attribute takes.</summary>
    public const int MostBytes = 1200;

    // Arrays, not spans over literals: before the JIT optimises a method, a span over 16-bit literals costs an allocation per use.
    private static readonly ushort[] Types =
    [
        0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0009, 0x000A, 0x000B, 0x0014, 0x0015, 0x001D, 0x001E, 0x0020, 0x0026, 0x0027,
        0x8002, 0x8003, 0x8022, 0x8023, 0x8027, 0x802B, 0x802C,
        0x0001, 0x0006, 0x0009, 0x000A, 0x0014, 0x0015, 0x001D, 0x0020, 0x8002, 0x8003,
        0x0000, 0x0007, 0x000C, 0x000D, 0x0012, 0x0013, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x0022, 0x0024, 0x0025, 0x002A,
        0x8000, 0x8001, 0x8004, 0x8025, 0x8029, 0x802A, 0x8030, 0xC057,
    ];

    private static readonly short[] LengthLimits =
        [0, 1, 127, 128, 129, 254, 255, 256, 257, 507, 508, 509, 510, 513, 514, 762, 763, 764, 765, 766, 767, 768, 1020];

    private static readonly short[] DomainLimits = [0, 1, 254, 255, 256, 257];

    /// <summary>Writes a header, a value and its padding to the front of a span and returns how many bytes that took: a multiple of four.</summary>
    public int Write(Span<byte> target)
    {
        int type = random.OneIn(16) ? random.Below(0x1_0000) : random.Pick<ushort>(Types);
        return Write(target, type);
    }

    /// <summary>The same for a given type.</summary>
    public int Write(Span<byte> target, int type)
    {
        Span<byte> value = target[4..];
        int length;
        if (random.OneIn(16))
        {
            length = random.Below(41);
            random.Fill(value[..length]);
        }
        else
        {
            length = WriteValue(value, type);
        }

        int padded = MessageBuffer.Padded(length);
        value[length..padded].Clear();
        if (padded != length && random.OneIn(4))
        {
            random.Fill(value[length..padded]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
        return 4 + padded;
    }

    private int WriteValue(Span<byte> value, int type) => type switch
    {
        0x0001 or 0x0002 or 0x0004 or 0x0005 or 0x000B or 0x0012 or 0x0016 or 0x0020 or 0x8023 or 0x802B or 0x802C => Address(value),
        0x0006 or 0x0014 or 0x8022 => Text(value),
        0x0015 => Nonce(value),
        0x0009 => ErrorCode(value),
        0x000A => Noise(value, random.OneIn(8) ? random.Below(24) : 2 * random.Below(8)),
        0x001D => Algorithm(value, last: true),
        0x8002 => Algorithms(value),
        0x8003 => Domain(value),
        0x0003 => Small(value, 4),
        0x0027 => Small(value, random.OneIn(2) ? 2 : 4),
        0x0008 => Noise(value, Around(20)),
        0x001C => Noise(value, random.OneIn(8) ? random.Below(40) : 16 + (4 * random.Below(5))),
        0x001E => Noise(value, Around(32)),
        0x8029 or 0x802A or 0x0022 => Noise(value, Around(8)),
        0x0018 => Noise(value, Around(1)),
        0x001A or 0x0025 => Noise(value, random.OneIn(8) ? 4 : 0),
        0x000C or 0x000D or 0x0017 or 0x0019 or 0x0024 or 0x002A or 0x8000 or 0x8025 or 0x8027 or 0x8028 => Noise(value, Around(4)),
        _ => Noise(value, AnyLength()),
    };

    private int Around(int length) => random.OneIn(8) ? Math.Max(0, length + random.Below(9) - 4) : length;

    private int AnyLength() => random.OneIn(48) ? random.Pick<short>(LengthLimits) : random.Below(20);

    private int Noise(Span<byte> value, int length)
    {
        random.Fill(value[..length]);
        return length;
    }

    private int Small(Span<byte> value, int length)
    {
        value[..length].Clear();
        if (random.OneIn(4))
        {
            random.Fill(value[..length]);
        }
        else
        {
            value[length - 1] = (byte)random.Below(8);
        }

        return Trim(length);
    }

    /// <summary>Mostly the length itself; sometimes a byte fewer or more, which then keeps what the value has there.</summary>
    private int Trim(int length) => random.OneIn(16) ? Math.Max(0, length - 1 - random.Below(3)) : length;

    private int Address(Span<byte> value)
    {
        bool six = random.OneIn(3);
        int length = six ? 20 : 8;
        random.Fill(value[..length]);
        value[0] = random.OneIn(8) ? value[0] : (byte)0;
        int family = six ? 2 : 1;
        if (random.OneIn(16))
        {
            family = random.Pick<byte>([0, 1, 2, 3, 4, 0x80, 0xFF]);
        }

        value[1] = (byte)family;
        if (random.OneIn(8))
        {
            value[2..4].Clear();
        }

        return Trim(length);
    }

    private int Text(Span<byte> value)
    {
        int length = AnyLength();
        random.Fill(value[..length]);
        if (!random.OneIn(4))
        {
            Printable(value[..length]);
        }

        return length;
    }

    private int Nonce(Span<byte> value)
    {
        int length = Text(value);
        if (length < 13 || random.OneIn(3))
        {
            return length;
        }

        "obMatJos2AAAC"u8.CopyTo(value);
        for (int i = 9; i < 13; i++)
        {
            value[i] = "ABCDabyz0189+/+/"u8[random.Below(16)];
        }

        if (random.OneIn(8))
        {
            value[random.Below(13)] = random.Pick("=-_ A\0\x7f\u0080"u8);
        }

        return random.OneIn(8) ? 9 + random.Below(6) : length;
    }

    private int ErrorCode(Span<byte> value)
    {
        int length = 4 + AnyLength();
        random.Fill(value[..length]);
        Printable(value[4..length]);
        if (!random.OneIn(8))
        {
            value[0] = 0;
            value[1] = 0;
            value[2] = (byte)(random.OneIn(8) ? random.Below(8) : 3 + random.Below(4));
        }

        value[3] = (byte)(random.OneIn(8) ? 98 + random.Below(5) : random.Below(100));
        return random.OneIn(16) ? random.Below(5) : length;
    }

    /// <summary>One entry. The last of a list may lack its padding.</summary>
    private int Algorithm(Span<byte> value, bool last)
    {
        int parameters = random.OneIn(2) ? 0 : random.Below(10);
        int padded = MessageBuffer.Padded(parameters);
        random.Fill(value[..(4 + padded)]);
        value[0] = 0;
        value[1] = (byte)random.Below(4);
        int stated = random.OneIn(16) ? random.Below(0x1_0000) : parameters;
        stated = random.OneIn(16) ? Math.Max(0, stated + random.Below(9) - 4) : stated;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)stated);
        return last && random.OneIn(2) ? 4 + parameters : 4 + padded;
    }

    private int Algorithms(Span<byte> value)
    {
        int count = random.OneIn(16) ? 0 : 1 + random.Below(4);
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            length += Algorithm(value[length..], last: i == count - 1);
        }

        return Trim(length);
    }

    private int Domain(Span<byte> value)
    {
        int length = random.OneIn(16) ? random.Pick<short>(DomainLimits) : random.Below(28);
        random.Fill(value[..length]);
        Printable(value[..length]);
        if (length > 0 && random.OneIn(4))
        {
            value[random.Below(length)] = random.Pick<byte>([0x00, 0x20, 0x21, 0x7E, 0x7F, 0x80, 0xFF]);
        }

        return length;
    }

    private static void Printable(Span<byte> value)
    {
        foreach (ref byte b in value)
        {
            b = (byte)(0x40 | (b & 0x3E));
        }
    }
}
