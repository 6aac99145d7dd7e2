using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>The tool as a user runs it: a process with signals and pipes.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "stackcli.dll");

    [Fact]
    public async Task Serve_WithStunAndNat_WorksEndToEndAndEndsOnSigterm()
    {
        await using LabProcess server = Start(
            "serve", "--listen", "udp://127.0.0.1:0", "--listen", "tcp://127.0.0.1:0", "--alternate", "127.0.0.2:0", "--classic", "--software", "e2e");
        await server.WaitForLineAsync(line => line == "ready", "ready", Patience);
        string udp = Listening(server, "udp");
        ProcessResult stun = await RunAsync("stun", udp, "--json", "--timeout", "100");
        Assert.Equal(0, stun.ExitCode);
        Assert.Equal("e2e", Parse(stun.Output).GetProperty("software").GetString());
        ProcessResult tcp = await RunAsync("stun", Listening(server, "tcp"), "--transport", "tcp", "-q", "--timeout", "100");
        Assert.Matches(@"^127\.0\.0\.1:\d+$", tcp.Output);
        ProcessResult nat = await RunAsync("nat", udp, "--json");
        Assert.Equal(0, nat.ExitCode);
        Assert.Equal("open-internet", Parse(nat.Output).GetProperty("classic").GetString());
        await SignalAsync(server, "TERM");
        ProcessResult ended = await server.WaitForExitAsync(Patience);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(ended.ErrorLines, line => line.StartsWith("served: ", StringComparison.Ordinal) && line.Contains("messages answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_Json_AnnouncesListenersAndReadyAndEndsOnSigint()
    {
        await using LabProcess server = Start("serve", "--listen", "udp://127.0.0.1:0", "--listen", "udp://[::1]:0", "--json");
        await server.WaitForLineAsync("\"event\":\"ready\"", Patience);
        JsonElement[] lines = [.. server.OutputLines.Select(Parse)];
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => JsonShape.HasCommonKeys(line, "serve"));
        Assert.Equal("listening", lines[0].GetProperty("event").GetString());
        Assert.Equal("udp", lines[0].GetProperty("transport").GetString());
        JsonShape.IsEndPoint(lines[0].GetProperty("address"));
        Assert.StartsWith("[::1]:", lines[1].GetProperty("address").GetString());
        await SignalAsync(server, "INT");
        Assert.Equal(0, (await server.WaitForExitAsync(Patience)).ExitCode);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Serve_BusyPort_Exits3AndSaysSo(string transport)
    {
        using var busy = transport == "udp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        busy.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (transport == "tcp")
        {
            busy.Listen();
        }

        CliRun run = await CliRun.RunAsync("serve", "--listen", $"{transport}://{busy.LocalEndPoint}");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"{busy.LocalEndPoint} is in use", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Serve_AsRoot_WarnsOnce()
    {
        CliRun run = await CliRun.RunAsync(
            new ConsoleEnvironment { IsPrivileged = true },
            [],
            ["serve", "--listen", "udp://127.0.0.1:0", "--timeout", "0.01"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Error.Split('\n'), line => line.Contains("root", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stun_Interrupted_Exits130()
    {
        using var silent = new UdpResponder((_, _) => null);
        await using LabProcess stun = Start("stun", silent.Address, "-v", "--timeout", "100");
        await stun.WaitForLineAsync("-->", Patience);
        await SignalAsync(stun, "INT");
        Assert.Equal(130, (await stun.WaitForExitAsync(Patience)).ExitCode);
    }

    [Fact]
    public async Task Demo_Json_IsAnObjectForEachStepAndExits0()
    {
        ProcessResult demo = await RunAsync("demo", "--json");
        Assert.Equal(0, demo.ExitCode);
        JsonElement[] steps = [.. demo.OutputLines.Select(Parse)];
        Assert.All(steps, step => JsonShape.HasCommonKeys(step, "demo"));
        Assert.Equal(
            ["serve", "stun-udp", "stun-tcp", "stun-tls", "nat", "turn-udp", "turn-tcp", "turn-tls", "turn-tcp-relay", "ice", "ice-relay", "session"],
            steps.Select(step => step.GetProperty("step").GetString()));
        Assert.All(steps[1..9], step => JsonShape.IsEndPoint(step.GetProperty("mapped")));
        JsonShape.IsOneOf(steps[4].GetProperty("classic"), "open-internet", "unknown");
        Assert.All(steps[5..9], step => Assert.Equal(0, step.GetProperty("lostPercent").GetDouble()));
        Assert.Equal("host", steps[9].GetProperty("local").GetString());
        Assert.Equal("relay", steps[10].GetProperty("local").GetString());
        Assert.Equal("host", steps[11].GetProperty("local").GetString());
    }

    [Fact]
    public async Task Demo_Text_PrintsAMappedAddressAndAVerdict()
    {
        CliRun run = await CliRun.RunAsync("demo");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"mapped +127\.0\.0\.1:\d+", run.Output);
        Assert.Contains("NAT type        ", run.Output);
        SafeOutput.Check(run);
    }

    [Theory]
    [InlineData("demo", "/dev/full")]
    [InlineData("--help", "/dev/full")]
    [InlineData("stun --help", "&-")]
    [InlineData("stun --bogus --json", "/dev/full")]
    public async Task Output_ThatCannotBeWritten_ExitsNonZeroWithoutAStackTrace(string arguments, string output)
    {
        string redirect = output == "&-" ? ">&-" : ">" + output;
        await using LabProcess shell = LabProcess.Start("/bin/sh", ["-c", $"dotnet '{Program}' {arguments} {redirect}"]);
        ProcessResult result = await shell.WaitForExitAsync(Patience);
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("   at ", string.Join('\n', result.ErrorLines));
    }

    [Fact]
    public async Task Output_WhoseReaderHasGone_ExitsNonZeroQuietly()
    {
        // The reader has gone before the first line can be written: it opens the pipe, closes it, and only then the tool may start.
        const string Script = "mkfifo \"$1\"; (: < \"$1\") & exec 3> \"$1\"; wait; dotnet \"$0\" demo >&3";
        string folder = Directory.CreateTempSubdirectory("stackcli").FullName;
        try
        {
            await using LabProcess shell = LabProcess.Start("/bin/sh", ["-c", Script, Program, Path.Combine(folder, "pipe")]);
            ProcessResult result = await shell.WaitForExitAsync(Patience);
            Assert.Equal(1, result.ExitCode);
            Assert.Empty(result.ErrorLines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LabProcess Start(params string[] arguments) => LabProcess.Start("dotnet", [Program, .. arguments]);

    private static async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        await using LabProcess process = Start(arguments);
        return await process.WaitForExitAsync(Patience);
    }

    private static async Task SignalAsync(LabProcess process, string signal)
    {
        await using LabProcess kill = LabProcess.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal(0, (await kill.WaitForExitAsync(Patience)).ExitCode);
    }

    private static string Listening(LabProcess server, string transport)
    {
        string prefix = $"listening {transport} ";
        return server.OutputLines.First(line => line.StartsWith(prefix, StringComparison.Ordinal))[prefix.Length..];
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
