using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// CRC-32/ISO-HDLC, the CRC of ITU V.42 and RFC 1952 that FINGERPRINT uses; its check value for "123456789" is CBF43926. It is not CRC-32C,
/// which the processor's CRC instruction computes.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 16;

    // Slicing-by-16: table k holds the effect of a byte that k more bytes follow. A message of ours has 30 to 200 bytes.
    private static readonly uint[] Table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> data)
        => Crc32Folding.IsSupported && data.Length >= Crc32Folding.MinSize && (data.Length & 3) == 0
            ? Crc32Folding.Compute(data)
            : ComputeByTable(data);

    internal static uint ComputeByTable(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> table = Table.AsSpan(0, Slices * 256);
        uint crc = uint.MaxValue;
        while (data.Length >= 16)
        {
            uint a = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            uint b = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            uint c = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
            uint d = BinaryPrimitives.ReadUInt32LittleEndian(data[12..]);
            crc = Look(table, a, 12) ^ Look(table, b, 8) ^ Look(table, c, 4) ^ Look(table, d, 0);
            data = data[16..];
        }

        while (data.Length >= 4)
        {
            crc = Look(table, BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc, 0);
            data = data[4..];
        }

        foreach (byte value in data)
        {
            crc = table[(int)((crc ^ value) & 0xFF)] ^ (crc >> 8);
        }

        return ~crc;
    }

    // The four bytes of a word, of which the first is followed by slice + 3 bytes.
    private static uint Look(ReadOnlySpan<uint> table, uint word, int slice)
        => table[((slice + 3) * 256) + (int)(word & 0xFF)]
            ^ table[((slice + 2) * 256) + (int)((word >> 8) & 0xFF)]
            ^ table[((slice + 1) * 256) + (int)((word >> 16) & 0xFF)]
            ^ table[(slice * 256) + (int)(word >> 24)];

    private static uint[] CreateTable()
    {
        var table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint previous = table[i - 256];
            table[i] = table[previous & 0xFF] ^ (previous >> 8);
        }

        return table;
    }
}
