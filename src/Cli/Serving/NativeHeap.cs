using System;
using System.Runtime.InteropServices;

namespace Stack.Cli;

/// <summary>
/// The heap of the C library. glibc keeps up to eight heaps for each processor, one for a thread and then for the next, and in each of them what was freed
/// last: what the compiler needed once for a method stays resident wherever it ran. Other C libraries keep little, and have no such calls.
/// </summary>
internal static class NativeHeap
{
    /// <summary>What a heap may keep free at its end before that goes back; glibc looks when 64 KiB in one piece are free there.</summary>
    private const int MostAtEnd = 64 * 1024;

    /// <summary>What stays at the end, and what a heap grows by beyond what is asked for.</summary>
    private const int LeftAtEnd = 16 * 1024;

    /// <summary>What is as large is mapped by itself and goes back as soon as it is freed: glibc's own figure, before it adapts.</summary>
    private const int LeastMapped = 128 * 1024;

    private static volatile bool _isMissing;

    /// <summary>
    /// Lets no heap keep more than some tens of kilobytes free at its end, from now on. By itself glibc raises that bound to twice the largest block that was
    /// ever freed, megabytes for each heap, and <see cref="Trim"/> gives back what is free between blocks alone, but not the end of any heap except the first.
    /// </summary>
    public static void KeepLittle() => Call(static () =>
    {
        _ = MallOpt(Option.TrimThreshold, MostAtEnd);
        _ = MallOpt(Option.TopPad, LeftAtEnd);
        _ = MallOpt(Option.MmapThreshold, LeastMapped);
    });

    /// <summary>Gives back to the system what is free; from any thread. Takes a few hundred microseconds, and keeps no thread from memory for longer.</summary>
    public static void Trim() => Call(static () => _ = MallocTrim(0));

    private static void Call(Action action)
    {
        if (_isMissing || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            _isMissing = true;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallOpt(Option option, int value);

    /// <summary>As malloc.h numbers them.</summary>
    private enum Option
    {
        TrimThreshold = -1,
        TopPad = -2,
        MmapThreshold = -3,
    }
}
