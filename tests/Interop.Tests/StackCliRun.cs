using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>Runs <c>stackcli</c> as a user does: a process of its own, on a host of the lab or on this one.</summary>
internal static class StackCliRun
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(400);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "stackcli.dll");

    /// <summary><c>stackcli ice</c>.</summary>
    public static IceProgram IceAgent { get; } = IceProgram.Stack(Program);

    public static Task<ProcessResult> RunAsync(LabHost host, params string[] arguments)
        => host.RunAsync(Timeout, "dotnet", [Program, .. arguments, .. Patience(arguments)]);

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<LabProcess> ServeAsync(LabHost host, params string[] arguments)
    {
        LabProcess server = host.Start("dotnet", [Program, "serve", .. DatagramIO.IsPortable ? ["--portable-sockets"] : Array.Empty<string>(), .. arguments]);
        try
        {
            await server.WaitForLineAsync(line => line == "ready", "the line 'ready'", Timeout);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The endpoint in the line <c>listening TRANSPORT ADDRESS</c>.</summary>
    public static IPEndPoint Listening(LabProcess server, string transport)
    {
        string prefix = $"listening {transport} ";
        string line = server.OutputLines.First(text => text.StartsWith(prefix, StringComparison.Ordinal));
        return IPEndPoint.Parse(line[prefix.Length..]);
    }

    // A server that is just starting, on a machine that has much else to do, may take longer than what users have patience for.
    private static string[] Patience(string[] arguments)
        => arguments is ["stun" or "turn", ..] && !arguments.Contains("--timeout") && !arguments.Contains("--count") ? ["--timeout", "60"] : [];

    /// <summary>The one JSON object on standard output.</summary>
    public static JsonElement Json(ProcessResult run)
    {
        try
        {
            using var document = JsonDocument.Parse(run.Output);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"Not one JSON object: {run}", error);
        }
    }
}
