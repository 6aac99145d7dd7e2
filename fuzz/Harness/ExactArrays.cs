using System;

namespace Stack.Fuzz;

/// <summary>One array per length, so that an input ends where its array ends and a read beyond it throws, without an allocation per input.</summary>
public sealed class ExactArrays
{
    /// <summary>Longer arrays are allocated anew each time.</summary>
    public const int LongestKept = 2048;

    private readonly byte[]?[] _kept = new byte[]?[LongestKept + 1];

    /// <summary>An array of exactly the bytes given, valid until the next call.</summary>
    public byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        byte[] array = bytes.Length > LongestKept ? new byte[bytes.Length] : _kept[bytes.Length] ??= new byte[bytes.Length];
        bytes.CopyTo(array);
        return array;
    }
}
