using System;
using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>A transport address as it was meant, with any XOR undone.</summary>
/// <param name="Family">1 for IPv4, 2 for IPv6.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Number">The address as a big-endian number of 32 or 128 bits.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferenceAddress(int Family, int Port, UInt128 Number)
{
    /// <summary>The address in network order: 4 or 16 bytes, newly allocated.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Family == 1 ? 4 : 16];
        UInt128 rest = Number;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)(rest & 0xFF);
            rest >>= 8;
        }

        return bytes;
    }
}
