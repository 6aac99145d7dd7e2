using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>The <c>struct msghdr</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LinuxMessageHeader
{
    public byte* Name;
    public int NameLength;
    public LinuxVector* Vectors;
    public nint VectorCount;
    public byte* Control;
    public nint ControlLength;
    public int Flags;
}
