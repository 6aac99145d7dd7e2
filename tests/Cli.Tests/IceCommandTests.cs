using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary><c>stackcli ice</c> as its users run it: two processes, each with the other's line on standard input.</summary>
public sealed class IceCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Program = typeof(StackCli).Assembly.Location;

    [Theory]
    [InlineData("--controlling", "--controlled")]
    [InlineData("--controlling", "--controlling")]
    [InlineData("--controlled", "--controlled")]
    public async Task Ice_TwoProcesses_ConnectAndGetAllProbesBack(string first, string second)
    {
        (IReadOnlyList<JsonElement> one, IReadOnlyList<JsonElement> other) = await ConnectAsync(first, second, static line => line);
        foreach (IReadOnlyList<JsonElement> lines in (IReadOnlyList<JsonElement>[])[one, other])
        {
            string[] events = [.. lines.Skip(1).Select(static line => line.GetProperty("event").GetString()!)];
            Assert.Equal("connected", events[0]);
            Assert.Equal(5, events.Count(static name => name == "received"));
            Assert.Equal("stats", events[^1]);
            JsonElement connected = lines[1];
            JsonShape.HasCommonKeys(connected, "ice");
            Assert.Equal("host", connected.GetProperty("local").GetString());
            Assert.Equal(2, connected.GetProperty("pair").GetArrayLength());
            Assert.True(connected.GetProperty("connectMs").GetDouble() > 0);
            Assert.True(connected.GetProperty("gatherMs").GetDouble() > 0);
            Assert.Equal(5, lines[^1].GetProperty("received").GetInt32());
        }
    }

    [Fact]
    public async Task Ice_Verbose_ShowsEachMessageDecodedBesideTheAnswer()
    {
        await using LabProcess one = Start("--controlling", "-v");
        await using LabProcess other = Start("--controlled", "-v");
        foreach (ProcessResult run in await ConnectAsync(one, other, static line => line))
        {
            Assert.Contains(run.ErrorLines, static line => line.StartsWith("--> ", StringComparison.Ordinal) && line.Contains(" udp ", StringComparison.Ordinal));
            Assert.Contains(run.ErrorLines, static line => line.StartsWith("<-- ", StringComparison.Ordinal));
            foreach (string decoded in (string[])["Binding request", "Binding success response", "USERNAME", "ICE-CONTROLL", "MESSAGE-INTEGRITY", "XOR-MAPPED-ADDRESS"])
            {
                Assert.Contains(run.ErrorLines, line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains(decoded, StringComparison.Ordinal));
            }

            Assert.All(run.OutputLines, static line => Parse(line));
        }
    }

    // What is pasted may be wrong at first, and candidates may come in the forms of other programs.
    [Fact]
    public async Task Ice_CandidatesInOtherForms_AreTaken()
    {
        await using LabProcess one = Start("--controlling");
        await using LabProcess other = Start("--controlled");
        ProcessResult[] ended = await ConnectAsync(
            one,
            other,
            static line => "not json\n{}\n" + line.Replace("\"candidate:", "\"a=candidate:", StringComparison.Ordinal)
                .Replace("\"candidates\":[", "\"candidates\":[\"candidate:1 1 UDP nonsense\",\"\",", StringComparison.Ordinal));
        Assert.Equal("connected", Parse(ended[0].OutputLines[1]).GetProperty("event").GetString());
        Assert.Contains(ended[0].ErrorLines, static line => line.StartsWith("Candidate 1 of that line is left out: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ice_InputEndsBeforeTheLine_IsUsage()
    {
        CliRun run = await CliRun.RunAsync("ice", "--controlling", "--loopback", "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("usage", run.Objects[^1].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Ice_NobodyAnswers_ExitsNonZeroAndListsWhatWasTried()
    {
        const string Line = "{\"ufrag\":\"abcdefgh\",\"pwd\":\"abcdefghijklmnopqrstuvwx\",\"candidates\":[\"candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host\",\"candidate:1 1 UDP 2130706431 127.0.0.1 49999 typ host\"]}\n";
        CliRun run = await CliRun.RunAsync(
            new ConsoleEnvironment(), System.Text.Encoding.UTF8.GetBytes(Line), ["ice", "--controlling", "--loopback", "--json", "--timeout", "1"]);
        Assert.Equal(3, run.ExitCode);
        JsonElement failed = run.Objects[^2];
        Assert.Equal("failed", failed.GetProperty("event").GetString());
        Assert.NotEqual(0, failed.GetProperty("pairs").GetArrayLength());
        Assert.Equal("timeout", run.Objects[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(run.Objects[^1].GetProperty("error").GetProperty("hint").GetString()!);
    }

    private static async Task<(IReadOnlyList<JsonElement> First, IReadOnlyList<JsonElement> Second)> ConnectAsync(
        string first, string second, Func<string, string> change)
    {
        await using LabProcess one = Start(first);
        await using LabProcess other = Start(second);
        ProcessResult[] ended = await ConnectAsync(one, other, change);
        return ([.. ended[0].OutputLines.Select(Parse)], [.. ended[1].OutputLines.Select(Parse)]);
    }

    private static LabProcess Start(params string[] arguments) => LabProcess.Start("dotnet", [Program, "ice", .. arguments, "--loopback", "--json"]);

    private static async Task<ProcessResult[]> ConnectAsync(LabProcess one, LabProcess other, Func<string, string> change)
    {
        string told = await one.WaitForLineAsync(static line => line.StartsWith('{'), "the description", Patience);
        string answered = await other.WaitForLineAsync(static line => line.StartsWith('{'), "the description", Patience);
        await one.Input.WriteLineAsync(change(answered));
        await one.Input.FlushAsync();
        await other.Input.WriteLineAsync(change(told));
        await other.Input.FlushAsync();
        ProcessResult a = await one.WaitForExitAsync(Patience);
        ProcessResult b = await other.WaitForExitAsync(Patience);
        Assert.True(a.ExitCode == 0 && b.ExitCode == 0, string.Join('\n', [.. a.OutputLines, .. a.ErrorLines, .. b.OutputLines, .. b.ErrorLines]));
        return [a, b];
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
