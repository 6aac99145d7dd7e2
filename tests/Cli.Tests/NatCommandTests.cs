using System;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class NatCommandTests
{
    private static readonly string[] Behaviors = ["endpoint-independent", "address-dependent", "address-and-port-dependent", "unknown"];

    [Fact]
    public async Task Nat_Json_HasTheKeysAndTypesOfTheContract()
    {
        await using StunServer server = await LoopbackServer.StartAsync(alternate: new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        CliRun run = await CliRun.AnsweredAsync("nat", LoopbackServer.GetAddress(server, "udp"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        JsonElement json = run.Object;
        JsonShape.HasCommonKeys(json, "nat");
        Assert.Equal("endpoint-independent", json.GetProperty("mapping").GetString());
        Assert.Equal("endpoint-independent", json.GetProperty("filtering").GetString());
        Assert.Equal("open-internet", json.GetProperty("classic").GetString());
        Assert.False(json.GetProperty("natted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("hairpinning").ValueKind);
        Assert.True(json.GetProperty("portPreserving").GetBoolean());
        JsonShape.IsEndPoint(json.GetProperty("local"));
        JsonShape.IsEndPoint(json.GetProperty("mapped"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("lifetime").ValueKind);
        Assert.Equal("127.0.0.1", Assert.Single(json.GetProperty("externalAddresses").EnumerateArray()).GetString());
        bool changed = false;
        foreach (JsonElement evidence in json.GetProperty("evidence").EnumerateArray())
        {
            Assert.NotEqual("", evidence.GetProperty("test").GetString());
            JsonShape.IsEndPoint(evidence.GetProperty("to"));
            JsonShape.IsEndPoint(evidence.GetProperty("mapped"));
            IsRoundTrip(evidence);
            Assert.Equal("answered", evidence.GetProperty("outcome").GetString());
            changed |= evidence.GetProperty("changeRequest").GetString() is "ip+port";
        }

        Assert.True(changed);
    }

    [Fact]
    public async Task Nat_PlainServer_TellsTheMappingAndNeverGuessesTheFiltering()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        CliRun run = await CliRun.AnsweredAsync("nat", LoopbackServer.GetAddress(server, "udp"), "--json");
        JsonElement json = run.Object;
        Assert.Equal("unknown", json.GetProperty("filtering").GetString());
        Assert.NotEqual("", json.GetProperty("reasons").GetProperty("filtering").GetString());
        JsonShape.IsOneOf(json.GetProperty("mapping"), Behaviors);
        bool learned = json.GetProperty("mapping").GetString() != "unknown";
        Assert.Equal(learned ? 0 : 6, run.ExitCode);
        Assert.Equal(!learned, json.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Nat_NattedByAPlainServer_Exits6WithTheAnswerAndTheError()
    {
        using var server = new UdpResponder((request, source) => Answers.Success(request, new IPEndPoint(IPAddress.Parse("192.0.2.1"), source.Port)));
        CliRun run = await CliRun.RunAsync("nat", server.Address, "--json", "--timeout", "100");
        Assert.Equal(6, run.ExitCode);
        JsonShape.IsFailure(run.Object, "nat", "unsupported");
        Assert.True(run.Object.GetProperty("natted").GetBoolean());
        Assert.Equal("unknown", run.Object.GetProperty("mapping").GetString());
        Assert.Equal("unknown", run.Object.GetProperty("classic").GetString());
    }

    [Fact(Timeout = 120_000)]
    public async Task Nat_SilentServer_Exits3WithTheAnswerAndTheError()
    {
        using var silent = new UdpResponder((_, _) => null);
        var time = new ManualTimeProvider();
        Task<CliRun> running = CliRun.RunAsync(new ConsoleEnvironment { TimeProvider = time }, [], ["nat", silent.Address, "--json", "--timeout", "0.8"]);
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(800));
        time.Advance(TimeSpan.FromMilliseconds(800));
        CliRun run = await running;
        Assert.Equal(3, run.ExitCode);
        JsonShape.IsFailure(run.Object, "nat", "timeout");
        Assert.Equal(JsonValueKind.Null, run.Object.GetProperty("natted").ValueKind);
        Assert.Equal("no-answer", run.Object.GetProperty("evidence")[0].GetProperty("outcome").GetString());
        Assert.Equal(2, run.Object.GetProperty("evidence")[0].GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Nat_Text_NamesTypeAndEvidence()
    {
        await using StunServer server = await LoopbackServer.StartAsync(alternate: new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        CliRun run = await CliRun.AnsweredAsync("nat", LoopbackServer.GetAddress(server, "udp"), "-v");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("NAT type        open internet", run.Output);
        Assert.Contains("filtering       endpoint-independent", run.Output);
        Assert.Contains("asking for another ip+port: answered", run.Output);
        Assert.Contains("CHANGE-REQUEST, 4: change IP and port", run.Error);
        SafeOutput.Check(run);
    }

    [Fact]
    public async Task Nat_Progress_GoesToATerminalAlone()
    {
        await using StunServer server = await LoopbackServer.StartAsync();
        string[] arguments = ["nat", LoopbackServer.GetAddress(server, "udp")];
        Assert.Equal("", (await CliRun.AnsweredAsync(arguments)).Error.Split("stackcli nat:")[0]);
        CliRun watched = await CliRun.RunAsync(new ConsoleEnvironment { IsErrorTerminal = true, TimeProvider = new SlowTimeProvider(20) }, [], arguments);
        Assert.Contains("mapping-1: to ", watched.Error);
    }

    [Fact]
    public async Task Nat_UnknownHost_Exits4() => Assert.Equal(4, (await CliRun.RunAsync("nat", "host.invalid")).ExitCode);

    [Fact]
    public async Task Nat_HostileServer_IsEscaped()
    {
        using var server = new UdpResponder((request, source) => Answers.Error(request, StunErrorCode.ServerError, "\u001b[2J\u202e"));
        CliRun run = await CliRun.AnsweredAsync("nat", server.Address, "-v", "--timeout", "5");
        Assert.NotEqual(0, run.ExitCode);
        SafeOutput.Check(run);
    }

    // An answer to a request that was sent again, as on a machine that stood still for a while, cannot tell its round trip.
    private static void IsRoundTrip(JsonElement evidence)
    {
        int attempts = evidence.GetProperty("attempts").GetInt32();
        Assert.InRange(attempts, 1, 7);
        if (attempts == 1)
        {
            JsonShape.IsMilliseconds(evidence.GetProperty("rttMs"));
        }
        else
        {
            Assert.Equal(JsonValueKind.Null, evidence.GetProperty("rttMs").ValueKind);
        }
    }
}
