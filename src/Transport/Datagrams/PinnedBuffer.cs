using System;
using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>Bytes that never move, so that the operating system can be told where they are.</summary>
internal sealed class PinnedBuffer
{
    /// <param name="size">How many.</param>
    /// <param name="clean">Whether they are zero; a large buffer that is not costs only the pages that are written to.</param>
    public PinnedBuffer(int size, bool clean = true)
    {
        Bytes = clean ? GC.AllocateArray<byte>(size, pinned: true) : GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Address = Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0);
    }

    public byte[] Bytes { get; }

    public nint Address { get; }

    public Span<byte> Slice(int offset, int length) => Bytes.AsSpan(offset, length);
}
