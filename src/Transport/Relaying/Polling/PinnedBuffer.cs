using System;
using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>Bytes that never move, so that the operating system can be told where they are.</summary>
internal sealed class PinnedBuffer
{
    public PinnedBuffer(int size)
    {
        Bytes = GC.AllocateArray<byte>(size, pinned: true);
        Address = Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0);
    }

    public byte[] Bytes { get; }

    public nint Address { get; }

    public Span<byte> Slice(int offset, int length) => Bytes.AsSpan(offset, length);
}
