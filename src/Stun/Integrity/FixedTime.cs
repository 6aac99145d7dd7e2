using System;
using System.Runtime.Intrinsics;

namespace Stack.Stun;

/// <summary>
/// Compares hashes in a time that depends on nothing but their size. The framework's <c>FixedTimeEquals</c> is compiled without
/// optimization and takes as long as a seventh of the HMAC itself (docs/decisions/0001-codec-speed.md).
/// </summary>
internal static class FixedTime
{
    /// <param name="left">16 to 32 bytes.</param>
    /// <param name="right">As many bytes.</param>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length, nameof(right));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left.Length, 2 * Vector128<byte>.Count, nameof(left));

        // Two vectors that overlap cover every size; no branch depends on a byte before all are in.
        int last = left.Length - Vector128<byte>.Count;
        Vector128<byte> difference = (Vector128.Create(left) ^ Vector128.Create(right))
            | (Vector128.Create(left[last..]) ^ Vector128.Create(right[last..]));
        return difference == Vector128<byte>.Zero;
    }
}
