using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Stack.TestKit;

/// <summary>Makes sockets of this process in a network namespace: a socket belongs to the namespace of the thread that makes it.</summary>
internal static class NamespaceSocket
{
    private const int NetworkNamespace = 0x40000000;

    public static Socket Open(string name, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        Socket? socket = null;
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

                socket = new Socket(family, type, protocol);
            }
            catch (Exception thrown)
            {
                error = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
        return socket!;
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int handle, int kind);
}
