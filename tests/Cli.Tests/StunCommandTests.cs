using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class StunCommandTests
{
    private const int Patience = 120_000;

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Stun_Json_HasTheKeysAndTypesOfTheContract(string transport)
    {
        await using StunServer server = await LoopbackServer.StartAsync(software: "x");
        string address = LoopbackServer.GetAddress(server, transport);
        CliRun run = await CliRun.AnsweredAsync("stun", address, "--transport", transport, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        JsonElement json = run.Object;
        JsonShape.HasCommonKeys(json, "stun");
        Assert.Equal(address, json.GetProperty("server").GetString());
        Assert.Equal(address, json.GetProperty("resolved").GetString());
        Assert.Equal(transport, json.GetProperty("transport").GetString());
        JsonShape.IsEndPoint(json.GetProperty("local"));
        Assert.Equal(json.GetProperty("local").GetString(), json.GetProperty("mapped").GetString());
        Assert.False(json.GetProperty("natted").GetBoolean());
        JsonShape.IsMilliseconds(json.GetProperty("rttMs"));
        JsonShape.IsMilliseconds(json.GetProperty("elapsedMs"));
        Assert.Equal(1, json.GetProperty("attempts").GetInt32());
        Assert.Equal("x", json.GetProperty("software").GetString());
    }

    [Fact]
    public async Task Stun_OverIPv6_WritesAddressesInBrackets()
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.IPv6Loopback, 0))],
        });
        CliRun run = await CliRun.AnsweredAsync("stun", server.EndPoints[0].EndPoint.ToString(), "--json");
        Assert.StartsWith("[::1]:", run.Object.GetProperty("mapped").GetString());
        Assert.Equal(JsonValueKind.Null, run.Object.GetProperty("software").ValueKind);
    }

    [Fact]
    public async Task Stun_Text_IsOneFactALineAndQuietIsTheAddressAlone()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        string address = LoopbackServer.GetAddress(server, "udp");
        CliRun run = await CliRun.AnsweredAsync("stun", address);
        Assert.Matches(@"^mapped +127\.0\.0\.1:\d+\nlocal +127\.0\.0\.1:\d+\nNAT +no", run.Output);
        run = await CliRun.AnsweredAsync("stun", address, "-q");
        Assert.Matches(@"^127\.0\.0\.1:\d+\n$", run.Output);
    }

    [Fact]
    public async Task Stun_Local_IsUsed()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        CliRun run = await CliRun.AnsweredAsync("stun", LoopbackServer.GetAddress(server, "udp"), "--local", "127.0.0.3", "--json");
        Assert.StartsWith("127.0.0.3:", run.Object.GetProperty("local").GetString());
        Assert.StartsWith("127.0.0.3:", run.Object.GetProperty("mapped").GetString());
    }

    [Fact]
    public async Task Stun_ServerFromTheEnvironment_IsUsed()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        string address = LoopbackServer.GetAddress(server, "udp");
        CliRun run = await CliRun.RunAsync(CliRun.WithVariables((ServerText.Variable, address)) with { TimeProvider = new SlowTimeProvider(20) }, [], ["stun", "--json"]);
        Assert.Equal(address, run.Object.GetProperty("server").GetString());
    }

    [Fact]
    public async Task Stun_Verbose_ShowsBothMessagesOnStandardError()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        string address = LoopbackServer.GetAddress(server, "udp");
        CliRun run = await CliRun.AnsweredAsync("stun", address, "-v", "-q");
        Assert.Contains($"--> {address} udp 20 bytes", run.Error);
        Assert.Contains("Binding request, length 0, transaction ", run.Error);
        Assert.Contains($"<-- {address} udp 32 bytes", run.Error);
        Assert.Contains("XOR-MAPPED-ADDRESS, 8: 127.0.0.1:", run.Error);
    }

    [Fact(Timeout = Patience)]
    public async Task Stun_DeadPort_Exits3WithinTheTimeoutAndNamesTheRefusal()
    {
        using var dead = new DeadPort(ProtocolType.Udp);
        var time = new ManualTimeProvider();
        Task<CliRun> running = CliRun.RunAsync(new ConsoleEnvironment { TimeProvider = time }, [], ["stun", dead.Address, "--timeout", "3", "--json"]);

        // Sent at 0, 0.5 and 1.5 s; the next one would be due at 3.5, which is too late, so the refusal of the third is the end.
        foreach (double wait in (double[])[0.5, 1])
        {
            await time.WaitForTimerAsync(TimeSpan.FromSeconds(wait));
            time.Advance(TimeSpan.FromSeconds(wait));
        }

        CliRun run = await running;
        Assert.Equal(3, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "timeout");
        Assert.Contains("ICMP", run.Object.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("unreachable", run.Object.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact(Timeout = Patience)]
    public async Task Stun_SilentServer_Exits3()
    {
        using var silent = new UdpResponder((_, _) => null);
        var time = new ManualTimeProvider();
        Task<CliRun> running = CliRun.RunAsync(new ConsoleEnvironment { TimeProvider = time }, [], ["stun", silent.Address, "--timeout", "0.7"]);

        // Sends again at 500 ms and gives up at 665; the alarm clock would ring at 700.
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        time.Advance(TimeSpan.FromMilliseconds(500));
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(165));
        time.Advance(TimeSpan.FromMilliseconds(165));
        CliRun run = await running;
        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"No answer from {silent.Address} to 2 requests over UDP", run.Error);
        Assert.Contains("hint: The server may be down, or UDP blocked", run.Error);
    }

    [Fact]
    public async Task Stun_Garbage_Exits3()
    {
        using var garbage = new UdpResponder((_, _) => [0xFF, 0x00, 0x41]);
        Assert.Equal(3, (await CliRun.RunAsync("stun", garbage.Address, "--timeout", "0.3")).ExitCode);
    }

    [Theory]
    [InlineData("host.invalid")]
    [InlineData("host.invalid:3478")]
    public async Task Stun_UnknownHost_Exits4(string host)
    {
        CliRun run = await CliRun.RunAsync("stun", host, "--json");
        Assert.Equal(4, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "network");
        Assert.Equal("name-resolution", run.Object.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Stun_TcpToAClosedPort_Exits4()
    {
        using var dead = new DeadPort(ProtocolType.Tcp);
        CliRun run = await CliRun.RunAsync("stun", dead.Address, "--transport", "tcp", "--json");
        Assert.Equal(4, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "network");
    }

    [Fact]
    public async Task Stun_LocalAddressOfAnotherMachine_Exits4()
    {
        CliRun run = await CliRun.AnsweredAsync("stun", "127.0.0.1:9", "--local", "192.0.2.1", "--json");
        Assert.Equal(4, run.ExitCode);
        Assert.Equal("local-address", run.Object.GetProperty("error").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(401, 5, "auth")]
    [InlineData(403, 5, "auth")]
    [InlineData(420, 6, "unsupported")]
    [InlineData(300, 6, "unsupported")]
    [InlineData(400, 1, "refused")]
    [InlineData(500, 1, "refused")]
    public async Task Stun_ErrorResponse_IsMappedByItsCode(int code, int exit, string word)
    {
        using var server = new UdpResponder((request, _) => Answers.Error(request, (StunErrorCode)code, Hostile));
        CliRun run = await CliRun.AnsweredAsync("stun", server.Address, "--json", "-v");
        Assert.Equal(exit, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", word);
        SafeOutput.Check(run);
        run = await CliRun.AnsweredAsync("stun", server.Address);
        Assert.Equal(exit, run.ExitCode);
        SafeOutput.Check(run);
    }

    [Fact]
    public async Task Stun_AnswerWithoutAMappedAddress_Exits6()
    {
        using var server = new UdpResponder((request, _) =>
            new StunMessageWriter(new byte[20], StunMessageType.BindingSuccessResponse, TransactionId.Read(request.AsSpan(8, 12))).Written.ToArray());
        Assert.Equal(6, (await CliRun.AnsweredAsync("stun", server.Address)).ExitCode);
    }

    [Fact]
    public async Task Stun_HostileSoftware_IsEscapedInTextJsonAndVerbose()
    {
        using var server = new UdpResponder((request, source) => Answers.Success(
            request,
            source,
            (ref StunMessageWriter writer) => writer.AddSoftware(Encoding.UTF8.GetBytes(Hostile))));
        foreach (string[] options in (string[][])[[], ["--json"], ["-v"], ["-q"], ["--count", "2", "--interval", "0"], ["--count", "1", "--json"]])
        {
            CliRun run = await CliRun.AnsweredAsync(["stun", server.Address, .. options]);
            Assert.Equal(0, run.ExitCode);
            SafeOutput.Check(run);
        }

        JsonElement json = (await CliRun.AnsweredAsync("stun", server.Address, "--json")).Object;
        Assert.Equal(Hostile, json.GetProperty("software").GetString());
        Assert.Contains("\\u{1b}]0;pwn\\u{7}\\u{1b}[2J", (await CliRun.AnsweredAsync("stun", server.Address)).Output);
    }

    [Fact(Timeout = Patience)]
    public async Task Stun_Count_SumsUpRoundTripsAndLosses()
    {
        int requests = 0;
        var time = new ManualTimeProvider();
        var unanswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new UdpResponder((request, source) =>
        {
            if (Interlocked.Increment(ref requests) == 2)
            {
                unanswered.SetResult();
                return null;
            }

            time.Advance(TimeSpan.FromMilliseconds(requests));
            return Answers.Success(request, source);
        });
        Task<CliRun> running = CliRun.RunAsync(
            new ConsoleEnvironment { TimeProvider = time }, [], ["stun", server.Address, "--count", "4", "--interval", "0", "--timeout", "5", "--json"]);

        // Only the second probe, which nobody answers, takes its time. Its timer may be armed a moment after it was sent.
        await unanswered.Task;
        time.Advance(TimeSpan.FromSeconds(4.9));
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.Zero);
            await Task.Delay(5);
        }

        CliRun run = await running;
        Assert.Equal(0, run.ExitCode);
        JsonElement json = run.Object;
        JsonShape.HasCommonKeys(json, "stun");
        Assert.Equal(4, json.GetProperty("sent").GetInt32());
        Assert.Equal(3, json.GetProperty("received").GetInt32());
        Assert.Equal(25, json.GetProperty("lostPercent").GetDouble());
        Assert.Equal(4, requests);
        JsonElement rtt = json.GetProperty("rttMs");
        double[] times = [Time("min"), Time("median"), Time("p95"), Time("max")];
        Assert.True(times is [> 0, ..] && times[0] <= times[1] && times[1] <= times[2] && times[2] <= times[3], rtt.ToString());
        double Time(string name) => rtt.GetProperty(name).GetDouble();
    }

    [Fact]
    public async Task Stun_CountWithoutAnyAnswer_Exits3()
    {
        using var silent = new UdpResponder((_, _) => null);
        CliRun run = await CliRun.RunAsync("stun", silent.Address, "--count", "2", "--interval", "0", "--timeout", "0.1", "--json");
        Assert.Equal(3, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "timeout");
        Assert.Contains("None of 2 probes", run.Object.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Stun_WatchWithoutATerminal_PrintsALineForEachProbeAndTheChanges()
    {
        int requests = 0;
        using var server = new UdpResponder((request, source) =>
            Answers.Success(request, new IPEndPoint(IPAddress.Parse("192.0.2.1"), Interlocked.Increment(ref requests) < 3 ? 1000 : 2000)));
        CliRun run = await CliRun.RunAsync("stun", server.Address, "--watch", "--count", "3", "--interval", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^1 +192\.0\.2\.1:1000  [\d.]+ ms\n2 +192\.0\.2\.1:1000 .*\n3 +192\.0\.2\.1:2000 ", run.Output);
        Assert.Contains("mapped address changed: 192.0.2.1:1000 -> 192.0.2.1:2000", run.Output);
        Assert.Contains("mapped changes  1", run.Output);
        Assert.DoesNotContain('\u001b', run.All);
    }

    [Fact]
    public async Task Stun_WatchAsJson_IsAnObjectForEachProbeAndASummary()
    {
        using var server = new UdpResponder((request, source) => Answers.Success(request, source));
        CliRun run = await CliRun.AnsweredAsync("stun", server.Address, "--watch", "--count", "2", "--interval", "0", "--json");
        Assert.Equal(3, run.Objects.Count);
        Assert.Equal("probe", run.Objects[0].GetProperty("event").GetString());
        Assert.Equal(2, run.Objects[2].GetProperty("received").GetInt32());
    }

    [Fact]
    public async Task Stun_WatchUntilCancelled_EndsWithTheSummary()
    {
        using var stop = new CancellationTokenSource();
        int requests = 0;
        using var server = new UdpResponder((request, source) =>
        {
            if (Interlocked.Increment(ref requests) == 5)
            {
                stop.Cancel();
            }

            return Answers.Success(request, source);
        });
        CliRun run = await CliRun.RunAsync(new ConsoleEnvironment(), [], ["stun", server.Address, "--watch", "--interval", "0"], stop.Token);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("round trip      min ", run.Output);
    }

    [Fact]
    public async Task Stun_Cancelled_Exits130()
    {
        using var stop = new CancellationTokenSource();
        using var silent = new UdpResponder((_, _) =>
        {
            stop.Cancel();
            return null;
        });
        CliRun run = await CliRun.RunAsync(new ConsoleEnvironment(), [], ["stun", silent.Address, "--json"], stop.Token);
        Assert.Equal(130, run.ExitCode);
        JsonShape.IsFailure(run.Object, "stun", "interrupted");
    }

    [Theory]
    [InlineData("xterm", null, true)]
    [InlineData("dumb", null, false)]
    [InlineData("", null, false)]
    [InlineData("xterm", "1", false)]
    public async Task Stun_Escapes_AreWrittenToTerminalsThatWantThemAlone(string term, string? noColor, bool expected)
    {
        using var server = new UdpResponder((request, source) => Answers.Success(request, source));
        ConsoleEnvironment environment = CliRun.WithVariables(("TERM", term), ("NO_COLOR", noColor ?? "")) with
        {
            IsOutputTerminal = true,
            TimeProvider = new SlowTimeProvider(20),
        };
        CliRun run = await CliRun.RunAsync(environment, [], ["stun", server.Address]);
        Assert.Equal(expected, run.Output.Contains('\u001b'));
        run = await CliRun.RunAsync(environment, [], ["stun", server.Address, "--json"]);
        Assert.DoesNotContain('\u001b', run.All);
        run = await CliRun.RunAsync(environment, [], ["stun", server.Address, "--watch", "--count", "2", "--interval", "0"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected, run.Output.Contains('\u001b'));
        run = await CliRun.RunAsync(environment with { IsOutputTerminal = false }, [], ["stun", server.Address]);
        Assert.DoesNotContain('\u001b', run.All);
    }

    private const string Hostile = "\u001b]0;pwn\u0007\u001b[2J\u009b31m\u202eabc\u2066\u200b\u2028\u007f\r\n";
}
