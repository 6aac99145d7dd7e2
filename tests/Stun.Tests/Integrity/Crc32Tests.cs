using System;
using System.Linq;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class Crc32Tests
{
    [Fact]
    public void Compute_EverySizeUpToPathMtu_EqualsDivisionBitByBit()
    {
        byte[] bytes = Bytes(1500);
        for (int size = 0; size <= bytes.Length; size++)
        {
            Assert.Equal(Divide(bytes.AsSpan(0, size)), Crc32.Compute(bytes.AsSpan(0, size)));
        }
    }

    [Fact]
    public void ComputeByTable_EverySizeUpToPathMtu_EqualsDivisionBitByBit()
    {
        byte[] bytes = Bytes(1500);
        for (int size = 0; size <= bytes.Length; size++)
        {
            Assert.Equal(Divide(bytes.AsSpan(0, size)), Crc32.ComputeByTable(bytes.AsSpan(0, size)));
        }
    }

    [Fact]
    public void Compute_LargestMessage_EqualsDivisionBitByBit()
    {
        byte[] bytes = Bytes(StunMessage.MaxSize);
        Assert.Equal(Divide(bytes), Crc32.Compute(bytes));
        Assert.Equal(Divide(bytes), Crc32.ComputeByTable(bytes));
    }

    [Fact]
    public void Compute_OneBitSet_EqualsDivisionBitByBit()
    {
        // 20 to 52 bytes: each remainder by 16 with none, one and two whole blocks behind it.
        for (int size = 20; size <= 52; size += 4)
        {
            var bytes = new byte[size];
            for (int bit = 0; bit < size * 8; bit++)
            {
                bytes[bit / 8] = (byte)(1 << (bit % 8));
                Assert.Equal(Divide(bytes), Crc32.Compute(bytes));
                bytes[bit / 8] = 0;
            }
        }
    }

    [Fact]
    public void Compute_BytesAroundTheInput_DoNotCount()
    {
        byte[] bytes = Bytes(200);
        uint expected = Crc32.Compute(bytes.AsSpan(40, 60));
        bytes.AsSpan(0, 40).Fill(0xFF);
        bytes.AsSpan(100).Fill(0xFF);
        Assert.Equal(expected, Crc32.Compute(bytes.AsSpan(40, 60)));
    }

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(((uint)i * 2654435761u) >> 13))];

    private static uint Divide(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
