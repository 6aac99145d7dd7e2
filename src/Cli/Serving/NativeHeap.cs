using System;
using System.Runtime.InteropServices;

namespace Stack.Cli;

/// <summary>
/// The heap of the C library. glibc keeps up to eight heaps for each processor, one for a thread and then for the next, and in each of them what was freed
/// last: what the compiler needed once for a method stays resident wherever it ran. Other C libraries keep little, and have no such call.
/// </summary>
internal static class NativeHeap
{
    private static volatile bool _isMissing;

    /// <summary>Gives back to the system what is free; from any thread. Takes a few hundred microseconds, and keeps no thread from memory for longer.</summary>
    public static void Trim()
    {
        if (_isMissing || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            _isMissing = true;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
}
