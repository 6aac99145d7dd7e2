using System;
using System.Buffers.Binary;

namespace Stack.Fuzz;

/// <summary>The scratch in which an input takes shape: a growing run of bytes and a lenient idea of where its attributes begin.</summary>
public sealed class MessageBuffer
{
    /// <summary>The most bytes that an input can have: a header, the longest body, and some to break the rule with.</summary>
    public const int Capacity = 20 + 65_536 + 64;

    /// <summary>The length of a header in bytes.</summary>
    public const int HeaderLength = 20;

    private const int MostAttributes = 320;

    private readonly byte[] _bytes = new byte[Capacity];
    private readonly byte[] _held = new byte[Capacity];
    private readonly int[] _offsets = new int[MostAttributes + 1];

    /// <summary>How many bytes the input has so far.</summary>
    public int Length { get; private set; }

    /// <summary>How many attributes the last <see cref="Walk"/> found.</summary>
    public int AttributeCount { get; private set; }

    /// <summary>The bytes so far.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The free bytes behind them.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>Starts anew with a copy of some bytes.</summary>
    public void Assign(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes);
        Length = bytes.Length;
    }

    /// <summary>Counts bytes that were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Appends bytes, or as many as fit.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Free.Length);
        bytes[..count].CopyTo(Free);
        Length += count;
    }

    /// <summary>Cuts the input to a length that it has or exceeds.</summary>
    public void Truncate(int length) => Length = Math.Clamp(length, 0, Length);

    /// <summary>Finds the attribute headers as far as the lengths lead, whatever the message's header says.</summary>
    public void Walk()
    {
        int count = 0;
        int position = Math.Min(HeaderLength, Length);
        while (count < MostAttributes && position + 4 <= Length)
        {
            _offsets[count++] = position;
            position += 4 + Padded(Word(position + 2));
        }

        _offsets[count] = Math.Min(position, Length);
        AttributeCount = count;
    }

    /// <summary>Where an attribute begins; for <see cref="AttributeCount"/>, where the last one ends. Valid until bytes move.</summary>
    public int Boundary(int index) => Math.Min(_offsets[index], Length);

    /// <summary>Moves what stands at a position and behind it; the bytes in between keep what they had and are the caller's to write.</summary>
    public bool OpenGap(int position, int size)
    {
        if (Length + size > Capacity)
        {
            return false;
        }

        _bytes.AsSpan(position, Length - position).CopyTo(_bytes.AsSpan(position + size));
        Length += size;
        return true;
    }

    /// <summary>Removes bytes.</summary>
    public void CloseGap(int position, int size)
    {
        _bytes.AsSpan(position + size, Length - position - size).CopyTo(_bytes.AsSpan(position));
        Length -= size;
    }

    /// <summary>Copies bytes aside and returns the copy, valid until the next call.</summary>
    public ReadOnlySpan<byte> Hold(int position, int size)
    {
        _bytes.AsSpan(position, size).CopyTo(_held);
        return _held.AsSpan(0, size);
    }

    /// <summary>The two bytes at a position.</summary>
    public int Word(int position) => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(position));

    /// <summary>Writes the low 16 bits of a value.</summary>
    public void PutWord(int position, int value) => BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(position), (ushort)value);

    /// <summary>The smallest multiple of four that is not below a length.</summary>
    public static int Padded(int length) => (length + 3) & ~3;
}
