using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>Runs code on a thread whose sockets are in a network namespace of their own, with nothing but a loopback interface.</summary>
internal static class Namespace
{
    private const int NewNetwork = 0x40000000;

    public static void Run(int mtu, Action code)
    {
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Unshare(NewNetwork) != 0)
                {
                    throw new InvalidOperationException("unshare failed");
                }

                // A child is born into the namespace of the thread that starts it.
                using Process ip = Process.Start("ip", $"link set lo mtu {mtu} up");
                ip.WaitForExit();
                code();
            }
            catch (Exception thrown)
            {
                error = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
    }

    /// <summary>Waits on the thread that is in the namespace.</summary>
    public static void Wait(Task task)
    {
        using var done = new ManualResetEventSlim();
        _ = task.ContinueWith(_ => done.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (!done.Wait(Patience.Milliseconds))
        {
            throw new TimeoutException();
        }

        if (task.Exception is { } error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
        }
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unshare(int flags);
}
