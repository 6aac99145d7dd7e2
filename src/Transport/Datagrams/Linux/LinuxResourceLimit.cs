using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>The <c>struct rlimit</c> of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct LinuxResourceLimit
{
    /// <summary>What holds now.</summary>
    public readonly ulong Current;

    /// <summary>What it can be raised to.</summary>
    public readonly ulong Most;
}
