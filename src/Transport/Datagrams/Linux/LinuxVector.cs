using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>The <c>struct iovec</c> of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinuxVector
{
    public nint Address;
    public nint Length;
}
