using System;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Stack.TestKit;

/// <summary>Makes sockets and devices of this process in a network namespace: they belong to the namespace of the thread that makes them.</summary>
internal static class NamespaceThread
{
    private const int NetworkNamespace = 0x40000000;

    public static T Run<T>(string name, Func<T> make)
    {
        T? made = default;
        ExceptionDispatchInfo? error = null;

        // A thread that has changed its namespace is not fit for anything else.
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle("/run/netns/" + name, share: FileShare.ReadWrite);
                if (SetNamespace((int)handle.DangerousGetHandle(), NetworkNamespace) != 0)
                {
                    throw new InvalidOperationException($"The namespace {name} cannot be entered.");
                }

                made = make();
            }
            catch (Exception thrown)
            {
                error = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
        return made!;
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int handle, int kind);
}
