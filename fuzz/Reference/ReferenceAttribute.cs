using System;
using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>One attribute where it stands in the datagram: nothing is copied before <see cref="ToArray"/> is called.</summary>
/// <param name="Datagram">The datagram decoded, not a copy of it.</param>
/// <param name="Type">The 16-bit attribute type.</param>
/// <param name="ValueOffset">Where the value begins, counted from the first byte of the message.</param>
/// <param name="Length">The value's length in bytes without padding.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferenceAttribute(byte[] Datagram, int Type, int ValueOffset, int Length)
{
    /// <summary>A copy of the value's bytes without padding.</summary>
    public byte[] ToArray()
    {
        byte[] value = new byte[Length];
        Array.Copy(Datagram, ValueOffset, value, 0, Length);
        return value;
    }

    /// <summary>The value's byte at an index.</summary>
    internal int Byte(int index) => Datagram[ValueOffset + index];

    /// <summary>The two bytes at an index, most significant first.</summary>
    internal int Pair(int index) => (Byte(index) << 8) | Byte(index + 1);
}
