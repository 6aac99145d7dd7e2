using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>The <c>struct mmsghdr</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinuxBatchMessage
{
    public LinuxMessageHeader Header;
    public int Length;
}
