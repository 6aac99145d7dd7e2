using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stack.Stun;

/// <summary>
/// The same CRC by carry-less multiplication: 16 bytes at a time are multiplied by a power of x modulo the polynomial, which moves them onto
/// the 16 bytes behind them, until 16 bytes are left to divide. More than twice as fast as a table on the 44 bytes of a usual answer.
/// </summary>
/// <remarks>
/// The CRC is reflected: the first bit on the wire is the highest power of x. Each constant is x^n mod P, reflected and shifted left by the one
/// bit that a product of reflected numbers lacks.
/// </remarks>
internal static class Crc32Folding
{
    /// <summary>The shortest input, in bytes.</summary>
    public const int MinSize = 20;

    private const ulong Power64 = 0x163CD6124;
    private const ulong Power96 = 0x0CCAA009E;
    private const ulong Power128 = 0x140D44A2E;
    private const ulong Power160 = 0x1751997D0;

    // P itself with its highest power, and x^64 divided by P for Barrett's reduction.
    private const ulong Polynomial = 0x1DB710641;
    private const ulong Quotient = 0x1F7011641;

    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    // Sixteen bytes from n on move the first n bytes of a vector to its end and zeros in front of them.
    private static ReadOnlySpan<byte> MoveToEnd =>
    [
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ];

    /// <param name="data">At least <see cref="MinSize"/> bytes and a multiple of four, as every part of a STUN message that is hashed.</param>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        // The first word is read on its own: the length in it has just been written, and a wider read would wait for that write.
        uint first = ~BinaryPrimitives.ReadUInt32LittleEndian(data);
        data = data[4..];

        // Zeros in front do not change a CRC that starts at zero. So the odd words come first, and the start value is part of the first.
        int odd = data.Length & 12;
        Vector128<byte> head = Sse2.ShiftLeftLogical128BitLane(Vector128.Create(data), 4).AsUInt32().WithElement(0, first).AsByte();
        Vector128<ulong> sum = Ssse3.Shuffle(head, Vector128.Create(MoveToEnd[(odd + 4)..])).AsUInt64();

        Vector128<ulong> onward = Vector128.Create(Power160, Power96);
        for (data = data[odd..]; data.Length >= 16; data = data[16..])
        {
            sum = Pclmulqdq.CarrylessMultiply(sum, onward, 0x00)
                ^ Pclmulqdq.CarrylessMultiply(sum, onward, 0x11)
                ^ Vector128.Create(data).AsUInt64();
        }

        return ~Divide(sum);
    }

    private static uint Divide(Vector128<ulong> sum)
    {
        // Each word by its own power: three products side by side instead of two steps that wait for each other.
        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        Vector128<ulong> words02 = sum & low;
        Vector128<ulong> words13 = sum >>> 32;
        Vector128<ulong> powers = Vector128.Create(Power128, Power64);
        Vector128<ulong> rest = Pclmulqdq.CarrylessMultiply(words02, powers, 0x00)
            ^ Pclmulqdq.CarrylessMultiply(words02, powers, 0x11)
            ^ Pclmulqdq.CarrylessMultiply(words13, Vector128.CreateScalar(Power96), 0x00)
            ^ Sse2.ShiftRightLogical128BitLane(words13, 8);

        Vector128<ulong> barrett = Vector128.Create(Quotient, Polynomial);
        Vector128<ulong> quotient = Pclmulqdq.CarrylessMultiply(rest & low, barrett, 0x00);
        Vector128<ulong> multiple = Pclmulqdq.CarrylessMultiply(quotient & low, barrett, 0x10);
        return (multiple ^ rest).AsUInt32().GetElement(1);
    }
}
