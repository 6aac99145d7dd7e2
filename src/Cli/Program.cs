using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

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
        StreamWriter stdout = OpenOutput();
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

    private static StreamWriter OpenOutput()
    {
        Stream stream = OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new DescriptorStream(1);
        return new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
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
