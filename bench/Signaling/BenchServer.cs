using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.SignalingBench;

/// <summary>
/// <c>stackcli serve --signal</c> as a process of its own, with the limits on one address lifted. A peer that was closed has a second to come back in place of
/// fifteen, so that it comes anew more often.
/// </summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Listening = "listening http ";

    private readonly LabProcess _process;

    private BenchServer(LabProcess process)
    {
        _process = process;
        EndPoint = IPEndPoint.Parse(process.OutputLines.First(static line => line.StartsWith(Listening, StringComparison.Ordinal))[Listening.Length..]);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Resident memory, VmRSS.</summary>
    public long ResidentKibibytes
    {
        get
        {
            const string Name = "VmRSS:";
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static text => text.StartsWith(Name, StringComparison.Ordinal));
            return long.Parse(line[Name.Length..^"kB".Length].Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    public static async Task<BenchServer> StartAsync(string program)
    {
        string[] arguments =
        [
            "serve", "--signal", "http://127.0.0.1:0", "--signal-limit", "connections=6000", "--signal-limit", "connections-per-address=6000",
            "--signal-limit", "connects-per-second=1000000", "--signal-limit", "resume-grace=1", "--log-level", "error",
        ];
        LabProcess process = program.EndsWith(".dll", StringComparison.Ordinal)
            ? LabProcess.Start("dotnet", [program, .. arguments])
            : LabProcess.Start(program, arguments);
        try
        {
            await process.WaitForLineAsync(static line => line == "ready", "the line 'ready'", TimeSpan.FromSeconds(60));
            return new BenchServer(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
