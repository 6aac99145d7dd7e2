using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Stack.Signaling.Server;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary><c>stackcli session</c> and <c>stackcli ice --session</c>, against our own signaling server.</summary>
public sealed class SessionCommandTests
{
    private const int Patience = 120_000;

    [Fact]
    public async Task New_PrintsAWord()
    {
        CliRun run = await CliRun.RunAsync("session", "new");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^[a-z]{5}(-[a-z]{5}){3}\n$", run.Output);
        Assert.NotEqual(run.Output, (await CliRun.RunAsync("session", "new")).Output);
    }

    [Fact]
    public async Task New_Json_SaysHowHardItIsToGuess()
    {
        CliRun run = await CliRun.RunAsync("session", "new", "--words", "8", "--json");
        JsonShape.HasCommonKeys(run.Object, "session");
        Assert.Equal(128, run.Object.GetProperty("bits").GetInt32());
        Assert.Matches("^[a-z]{5}(-[a-z]{5}){7}$", run.Object.GetProperty("word").GetString());
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_ThreeWithTheSameCommand_ConnectEachToEachAndExit0()
    {
        await using SignalingServerHost server = await StartAsync();
        CliRun[] runs = await Task.WhenAll(((string[])["alice", "bob", "carol"]).Select(name => RunAsync(server, "--name", name, "--count", "2", "--json")));
        Assert.All(runs, static run =>
        {
            Assert.True(run.ExitCode == 0, run.All);
            IReadOnlyList<JsonElement> lines = run.Objects;
            Assert.All(lines, static line => JsonShape.HasCommonKeys(line, "ice"));
            Assert.Equal("joined", Event(lines[0]));
            Assert.InRange(lines[0].GetProperty("id").GetInt32(), 1, 3);
            JsonElement[] connected = [.. lines.Where(static line => Event(line) == "connected")];
            Assert.Equal(2, connected.Select(static line => line.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(connected, static line =>
            {
                JsonShape.IsMilliseconds(line.GetProperty("connectMs"));
                JsonShape.IsOneOf(line.GetProperty("local"), "host", "prflx");
                Assert.Equal(2, line.GetProperty("pair").GetArrayLength());
                Assert.False(line.GetProperty("relayed").GetBoolean());
            });
            Assert.Equal(2, lines.Count(static line => Event(line) == "peer"));
            JsonElement stats = lines.Last(static line => Event(line) == "stats");
            Assert.True(stats.GetProperty("received").GetInt32() >= 5);
            Assert.True(stats.GetProperty("sent").GetInt32() >= 5);
            Assert.Equal(JsonValueKind.Number, stats.GetProperty("rttMs").GetProperty("median").ValueKind);
        });
        Assert.Equal(
            ["alice", "alice", "bob", "bob", "carol", "carol"],
            runs.SelectMany(static run => run.Objects.Where(static line => Event(line) == "peer").Select(static line => line.GetProperty("name").GetString())).Order());
    }

    [Theory(Timeout = Patience)]
    [InlineData("villas", "villas")]
    [InlineData("own", "villas")]
    [InlineData("own", "libdatachannel")]
    public async Task Ice_OfEachDialect_Connects(string one, string other)
    {
        await using SignalingServerHost server = await StartAsync();
        CliRun[] runs = await Task.WhenAll(RunAsync(server, "--dialect", one, "--count", "1"), RunAsync(server, "--dialect", other, "--count", "1"));
        Assert.All(runs, static run =>
        {
            Assert.True(run.ExitCode == 0, run.All);
            Assert.Contains("connected       ", run.Output, StringComparison.Ordinal);
            Assert.Contains(", direct", run.Output, StringComparison.Ordinal);
            SafeOutput.Check(run);
        });
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_LibDataChannel_CallsByName()
    {
        await using SignalingServerHost server = await StartAsync();
        CliRun[] runs = await Task.WhenAll(
            RunAsync(server, "--dialect", "libdatachannel", "--name", "bObX", "--count", "1"),
            CallWhenThereAsync(server));
        Assert.All(runs, static run => Assert.True(run.ExitCode == 0, run.All));
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_NobodyComes_Exits3()
    {
        await using SignalingServerHost server = await StartAsync();
        CliRun run = await CliRun.RunAsync("ice", "--session", "w", "--signal", Url(server), "--loopback", "--count", "1", "--timeout", "0.5", "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal("joined", Event(run.Objects[0]));
        JsonShape.IsFailure(run.Objects[^1], "ice", "timeout");
        Assert.Contains("Nobody else came", run.Objects[^1].GetProperty("error").GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_NoServer_Exits4()
    {
        using var dead = new DeadPort(ProtocolType.Tcp);
        CliRun run = await CliRun.RunAsync("ice", "--session", "w", "--signal", $"http://{dead.Address}", "--json");
        Assert.Equal(4, run.ExitCode);
        JsonShape.IsFailure(run.Object, "ice", "network");
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_RelayOnlyWithoutARelay_Exits6()
    {
        await using SignalingServerHost server = await StartAsync();
        CliRun run = await CliRun.RunAsync("ice", "--session", "w", "--signal", Url(server), "--relay-only", "--json");
        Assert.Equal(6, run.ExitCode);
        JsonShape.IsFailure(run.Object, "ice", "unsupported");
    }

    [Fact(Timeout = Patience)]
    public async Task Ice_Interrupted_LeavesAndExits0()
    {
        await using SignalingServerHost server = await StartAsync();
        using var interrupt = new CancellationTokenSource();
        using var output = new InterruptingWriter("joined", interrupt);
        using var stdin = new MemoryStream();
        string[] arguments = ["ice", "--session", "w", "--signal", Url(server), "--loopback"];
        Assert.Equal(0, await StackCli.RunAsync(arguments, output, TextWriter.Null, stdin, new ConsoleEnvironment(), interrupt.Token));
        while (server.Counts.Peers != 0)
        {
            await Task.Delay(5);
        }
    }

    // A browser begins with DTLS, and others with what they like.
    [Fact(Timeout = Patience)]
    public async Task Probes_DatagramsThatAreNone_AreLeftAlone()
    {
        var options = new IceOptions
        {
            AllowsLoopback = true,
            InterfaceFilter = static entry => entry.Address.IsLoopback && entry.Address.Family == StunAddressFamily.IPv4,
            Tcp = IceTcpCandidates.None,
        };
        await using var one = new IceConnection(options with { Role = IceRole.Controlling });
        await using var other = new IceConnection(options with { Role = IceRole.Controlled });
        IceSignal told = await one.DescribeAsync();
        one.AddRemote(await other.DescribeAsync());
        other.AddRemote(told);
        await Task.WhenAll(one.ConnectAsync(), other.ConnectAsync());
        using var ending = new CancellationTokenSource();
        var probes = new PeerProbes(one, TimeProvider.System);
        Task probing = probes.RunAsync(ending.Token);
        byte[] buffer = new byte[2048];
        byte[][] odd = [[22, 254, 253, 0], [], "ping"u8.ToArray(), "ping 1"u8.ToArray(), new byte[172], ProbePacket.Pong(9999), ProbePacket.Pong(0), "ping -1 "u8.ToArray()];
        foreach (byte[] datagram in odd)
        {
            await other.SendAsync(datagram);
        }

        await other.SendAsync(ProbePacket.Ping(77));
        int answered = 0;
        bool isEchoed = false;
        bool isDone = false;
        while (!isDone || !isEchoed)
        {
            int length = await other.ReceiveAsync(buffer);
            isEchoed |= ProbePacket.IsPong(buffer.AsSpan(0, length), out int pong) && pong == 77;
            isDone |= ProbePacket.IsBye(buffer.AsSpan(0, length));
            if (ProbePacket.IsPing(buffer.AsSpan(0, length), out int ping))
            {
                // Twice: the second answer is one to nothing.
                answered++;
                await other.SendAsync(ProbePacket.Pong(ping));
                await other.SendAsync(ProbePacket.Pong(ping));
            }
        }

        // It has enough of its own back, each once at most. An answer that came too late is counted as lost, and its probe is asked for anew.
        Assert.InRange(probes.Received, 5, answered);
        await other.SendAsync(ProbePacket.Bye);
        while (!probes.IsSettled)
        {
            await Task.Delay(5);
        }

        await ending.CancelAsync();
        await probing;
    }

    /// <summary>Standard output whose reader ends the command when it has read enough.</summary>
    private sealed class InterruptingWriter(string text, CancellationTokenSource interrupt) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.StartsWith(text, StringComparison.Ordinal) == true)
            {
                interrupt.CancelAfter(TimeSpan.FromTicks(1));
            }
        }
    }

    private static string Event(JsonElement line) => line.TryGetProperty("event", out JsonElement name) ? name.GetString()! : "";

    private static string Url(SignalingServerHost server) => server.EndPoints.Single().ToString();

    private static Task<SignalingServerHost> StartAsync() => SignalingServerHost.StartAsync(
        new SignalingServerOptions
        {
            Listen = [new SignalingListenEndPoint(false, new IPEndPoint(IPAddress.Loopback, 0))],
            Limits = SignalingLimits.Default with { FirstMessageTimeout = TimeSpan.FromMinutes(5) },
        });

    private static Task<CliRun> RunAsync(SignalingServerHost server, params string[] arguments)
        => CliRun.RunAsync(["ice", "--session", "lusab-babad", "--signal", Url(server), "--loopback", "--timeout", "60", .. arguments]);

    // Whoever is called has to be there.
    private static async Task<CliRun> CallWhenThereAsync(SignalingServerHost server)
    {
        while (server.Counts.Peers == 0)
        {
            await Task.Delay(5);
        }

        return await RunAsync(server, "--dialect", "libdatachannel", "--name", "aLiC", "--call", "bObX", "--count", "1");
    }
}
