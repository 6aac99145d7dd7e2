using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Stack.Cli;

internal static class Program
{
    private const int Terminated = 143;

    private static async Task<int> Main(string[] args)
    {
        using var stopping = new CancellationTokenSource();
        bool terminated = false;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        TextWriter stdout;
        try
        {
            stdout = OpenOutput();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (int)ExitCode.Negative;
        }

        Stream stdin = Console.OpenStandardInput();
        await using (stdin.ConfigureAwait(false))
        {
            int exit = await StackCli.RunAsync(args, stdout, Console.Error, stdin, CreateEnvironment(), stopping.Token).ConfigureAwait(false);
            return exit == (int)ExitCode.Interrupted && terminated ? Terminated : exit;
        }

        void Stop(PosixSignalContext context)
        {
            // The command ends by itself, and cleanly; the second signal finds the default action again.
            context.Cancel = !stopping.IsCancellationRequested;
            terminated |= context.Signal == PosixSignal.SIGTERM;
            stopping.Cancel();
        }
    }

    // The console's own stream hides that the reader has gone, so the descriptor is written to directly.
    private static StreamWriter OpenOutput()
    {
        Stream stream = OperatingSystem.IsWindows()
            ? Console.OpenStandardOutput()
            : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = false };
    }

    private static ConsoleEnvironment CreateEnvironment() => new()
    {
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsInputTerminal = !Console.IsInputRedirected,
        IsPrivileged = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(),
        GetVariable = Environment.GetEnvironmentVariable,
        ReadKey = static () => Console.ReadKey(intercept: true),
    };
}
