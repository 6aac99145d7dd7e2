using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class BenchTurnTests
{
    [Theory]
    [InlineData("out", false, false)]
    [InlineData("out", true, true)]
    [InlineData("in", false, false)]
    [InlineData("in", true, true)]
    [InlineData("both", false, true)]
    [InlineData("both", true, false)]
    [InlineData("echo", false, false)]
    public async Task Relay_EachDirection_EveryPacketArrivesAsItWasSent(string direction, bool portableServer, bool portableGenerator)
    {
        await using TurnServerHost server = await LoadServer.StartAsync(portableServer);
        string[] more = portableGenerator ? ["--portable"] : ["--segmented", "--coalesced"];
        CliRun run = await LoadServer.AnsweredAsync(
            ["turn", LoadServer.AddressOf(server), "--user", "u", "--clients", "3", "--run", "8", "--window", "16", "--count", "500", "--direction", direction, .. more]);
        Assert.Equal(0, run.ExitCode);
        JsonElement answer = run.Object;
        JsonShape.HasCommonKeys(answer, "bench");
        Assert.Equal("turn", answer.GetProperty("kind").GetString());
        Assert.Equal(500, answer.GetProperty("sent").GetInt64());
        Assert.Equal(500, answer.GetProperty("received").GetInt64());
        Assert.Equal(0, answer.GetProperty("lostPercent").GetDouble());
        Assert.Equal(0, answer.GetProperty("corrupted").GetInt64());
        Assert.True(answer.GetProperty("perSecond").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("serverCpuUsPerPacket").ValueKind);
        JsonElement times = answer.GetProperty("rttMs");
        foreach (string name in new[] { "min", "median", "p95", "p99", "p999", "max" })
        {
            JsonShape.IsMilliseconds(times.GetProperty(name));
        }
    }

    [Fact]
    public async Task Relay_Indications_EveryPacketArrivesAsItWasSent()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await LoadServer.AnsweredAsync(
            "turn", LoadServer.AddressOf(server), "--user", "u", "--clients", "2", "--peers", "1", "--count", "100", "--run", "8", "--window", "16", "--direction", "both", "--send", "--size", "1200");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(100, run.Object.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task Relay_AtARateWithWarmUp_CountsWhatCameAfterIt()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await LoadServer.AnsweredAsync(
            "turn", LoadServer.AddressOf(server), "--user", "u", "--clients", "1", "--rate", "100000", "--warm-up", "0.001", "--count", "40", "--direction", "echo", "--max-loss", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(40, run.Object.GetProperty("sent").GetInt64());
        Assert.Equal(40, run.Object.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task Server_ChangesAByte_IsCaught()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        using var proxy = new CorruptingProxy(server.EndPoints[0].EndPoint);
        CliRun run = await LoadServer.BenchAsync(
            LoadServer.Patient(), "turn", proxy.Address, "--user", "u", "--clients", "1", "--run", "1", "--window", "1", "--count", "3");
        Assert.Equal((int)ExitCode.Negative, run.ExitCode);
        Assert.Equal(3, run.Object.GetProperty("corrupted").GetInt64());
        Assert.Equal(0, run.Object.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task Credential_Wrong_ExitsWithAuthentication()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await CliRun.RunAsync(
            CliRun.WithVariables(("STACK_PASSWORD", "wrong")) with { TimeProvider = LoadServer.Patient() }, [], ["bench", "turn", LoadServer.AddressOf(server), "--user", "u", "--count", "1", "--json"]);
        Assert.Equal((int)ExitCode.Authentication, run.ExitCode);
        JsonShape.IsFailure(run.Object, "bench", "auth");
    }

    [Fact]
    public async Task Interrupted_DuringTheRun_ShowsWhatWasMeasuredAndReleases()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        using var stopping = new CancellationTokenSource();
        using var proxy = new CorruptingProxy(server.EndPoints[0].EndPoint) { OnChannelData = () => stopping.Cancel(), Corrupts = false };
        CliRun run = await CliRun.RunAsync(
            CliRun.WithVariables(("STACK_PASSWORD", "p")) with { TimeProvider = LoadServer.Patient() },
            [],
            ["bench", "turn", proxy.Address, "--user", "u", "--clients", "1", "--run", "1", "--window", "1", "--duration", "60", "--warm-up", "0", "--json"],
            stopping.Token);
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(run.Object.GetProperty("received").GetInt64(), 1, 1000);
    }

    [Fact]
    public async Task Server_Silent_ExitsWithNoAnswer()
    {
        using var dead = new DeadPort(ProtocolType.Udp);
        CliRun run = await LoadServer.BenchAsync("turn", dead.Address, "--user", "u", "--count", "1", "--timeout", "0.3");
        Assert.Equal((int)ExitCode.NoAnswer, run.ExitCode);
        JsonShape.IsFailure(run.Object, "bench", "timeout");
    }
}
