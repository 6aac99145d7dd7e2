using System;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class BenchOtherTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Stun_SeveralSources_EveryRequestIsAnswered(bool portableServer, bool portableGenerator)
    {
        await using TurnServerHost server = await LoadServer.StartAsync(portableServer);
        string[] more = portableGenerator ? ["--portable"] : ["--spread", "--local", "127.0.0.1"];
        CliRun run = await LoadServer.AnsweredAsync(["stun", LoadServer.AddressOf(server), "--sources", "4", "--run", "8", "--window", "32", "--count", "300", .. more]);
        Assert.Equal(0, run.ExitCode);
        JsonShape.HasCommonKeys(run.Object, "bench");
        Assert.Equal("stun", run.Object.GetProperty("kind").GetString());
        Assert.Equal(300, run.Object.GetProperty("received").GetInt64());
        Assert.Equal(0, run.Object.GetProperty("lostPercent").GetDouble());
    }

    [Fact]
    public async Task Stun_WrongMappedAddress_IsCaught()
    {
        using var server = new UdpResponder((request, source) => Answers.Success(request, new IPEndPoint(source.Address, source.Port ^ 1)));
        CliRun run = await LoadServer.BenchAsync(LoadServer.Patient(), "stun", server.Address, "--sources", "1", "--run", "1", "--window", "1", "--count", "2");
        Assert.Equal((int)ExitCode.Negative, run.ExitCode);
        Assert.Equal(2, run.Object.GetProperty("corrupted").GetInt64());
        Assert.Equal(0, run.Object.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task Stun_WrongTransaction_IsCaught()
    {
        using var server = new UdpResponder((request, source) =>
        {
            request[^1] ^= 0x80;
            return Answers.Success(request, source);
        });
        CliRun run = await LoadServer.BenchAsync(LoadServer.Patient(), "stun", server.Address, "--sources", "1", "--run", "1", "--window", "1", "--count", "2");
        Assert.Equal((int)ExitCode.Negative, run.ExitCode);
        Assert.Equal(2, run.Object.GetProperty("corrupted").GetInt64());
    }

    [Fact]
    public async Task Stun_Answers_OnceTooMany_AreDuplicates()
    {
        byte[]? last = null;
        using var server = new UdpResponder((request, source) =>
        {
            // Every second request is answered by the answer to the one before.
            byte[]? before = last;
            last = before is null ? Answers.Success(request, source) : null;
            return before ?? last;
        });
        CliRun run = await LoadServer.BenchAsync(LoadServer.Patient(), "stun", server.Address, "--sources", "1", "--run", "1", "--window", "1", "--count", "4");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Object.GetProperty("received").GetInt64());
        Assert.Equal(2, run.Object.GetProperty("duplicates").GetInt64());
        Assert.Equal(50, run.Object.GetProperty("lostPercent").GetDouble());
    }

    [Fact]
    public async Task Stun_LossAboveTheBound_IsANegativeAnswer()
    {
        int count = 0;
        using var server = new UdpResponder((request, source) => count++ == 0 ? Answers.Success(request, source) : null);
        CliRun run = await LoadServer.BenchAsync(LoadServer.Patient(), "stun", server.Address, "--sources", "1", "--run", "1", "--window", "1", "--count", "2", "--max-loss", "49.9");
        Assert.Equal((int)ExitCode.Negative, run.ExitCode);
    }

    [Fact]
    public async Task Alloc_RefreshAndRing_DoesItAllAndGivesBack()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        int own = Environment.ProcessId;
        CliRun run = await LoadServer.AnsweredAsync("alloc", LoadServer.AddressOf(server), "--user", "u", "--count", "20", "--refresh", "--ring", "--pid", $"{own}");
        Assert.Equal(0, run.ExitCode);
        JsonElement answer = run.Object;
        JsonShape.HasCommonKeys(answer, "bench");
        foreach (string name in new[] { "sent", "received", "refreshed", "relayed", "released" })
        {
            Assert.Equal(20, answer.GetProperty(name).GetInt64());
        }

        Assert.Equal(0, answer.GetProperty("lost").GetInt64());

        // The system counts in ticks of 10 ms: so few allocations may cost none.
        Assert.InRange(answer.GetProperty("serverCpuUsPerPacket").GetDouble(), 0, 1e9);
        Assert.True(answer.GetProperty("memoryBytes").GetProperty("held").GetInt64() > 0);
    }

    [Fact]
    public async Task Alloc_MoreThanTheServerGrants_IsANegativeAnswer()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await LoadServer.AnsweredAsync("alloc", LoadServer.AddressOf(server), "--user", "u", "--count", "60");
        Assert.Equal((int)ExitCode.Negative, run.ExitCode);
        Assert.Equal(50, run.Object.GetProperty("received").GetInt64());
        Assert.Equal(50, run.Object.GetProperty("released").GetInt64());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("binding")]
    [InlineData("allocate")]
    [InlineData("forged")]
    public async Task Flood_EachKind_IsSentAndTheServerGoesOn(string kind)
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        string address = LoadServer.AddressOf(server);
        CliRun flood = await LoadServer.BenchAsync(
            LoadServer.Patient(), "flood", kind, address, "--rate", "10000", "--count", "500", "--sources", "5", "--spread", "--local", "127.0.1.1");
        Assert.Equal(0, flood.ExitCode);
        Assert.Equal(500, flood.Object.GetProperty("sent").GetInt64());
        Assert.Equal(kind, flood.Object.GetProperty("flood").GetString());
        CliRun run = await LoadServer.AnsweredAsync("turn", address, "--user", "u", "--clients", "1", "--count", "10");
        Assert.Equal(10, run.Object.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task Verbose_ShowsTheMessages()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await LoadServer.AnsweredAsync("stun", LoadServer.AddressOf(server), "--count", "1", "--run", "1", "-v");
        Assert.Contains("XOR-MAPPED-ADDRESS", run.Error);
    }

    [Fact]
    public async Task Text_IsOneFactALine()
    {
        await using TurnServerHost server = await LoadServer.StartAsync();
        CliRun run = await CliRun.AnsweredAsync("bench", "stun", LoadServer.AddressOf(server), "--count", "10", "--run", "1");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("received        10, ", run.Output);
        SafeOutput.Check(run);
    }
}
