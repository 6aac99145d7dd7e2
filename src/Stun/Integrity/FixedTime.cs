using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Stack.Stun;

/// <summary>
/// Compares hashes in a time that depends on nothing but their size. The framework's comparison is compiled without optimization and costs a
/// seventh of the HMAC itself for 20 bytes, so the differences are first gathered in one word (docs/decisions/0001-codec-speed.md).
/// </summary>
internal static class FixedTime
{
    private static ReadOnlySpan<byte> NoDifference => "\0\0\0\0"u8;

    /// <param name="left">16 to 32 bytes.</param>
    /// <param name="right">As many bytes.</param>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length, nameof(right));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left.Length, 2 * Vector128<byte>.Count, nameof(left));

        // Two vectors that overlap cover every size; nothing branches on a byte.
        int last = left.Length - Vector128<byte>.Count;
        Vector128<uint> difference = ((Vector128.Create(left) ^ Vector128.Create(right))
            | (Vector128.Create(left[last..]) ^ Vector128.Create(right[last..]))).AsUInt32();
        Span<byte> word = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(
            word,
            difference.GetElement(0) | difference.GetElement(1) | difference.GetElement(2) | difference.GetElement(3));
        return CryptographicOperations.FixedTimeEquals(word, NoDifference);
    }
}
