using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli serve --signal</c>, as a process of its own.</summary>
public sealed class ServeSignalTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [RequiresFact(Requirement.None)]
    public async Task Signal_BesideTurn_HandsOutCredentialsThatTheRelayTakes()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync("--signal", "http://127.0.0.1:0");
        using SignalClient peer = await SignalClient.JoinAsync(server.EndPoint("http"), "relay");
        JsonElement[] servers = [.. peer.Joined.GetProperty("servers").EnumerateArray()];
        Assert.Equal($"stun:{server.EndPoint("udp")}", servers[0].GetProperty("urls")[0].GetString());
        Assert.Equal(
            [$"turn:{server.EndPoint("udp")}?transport=udp", $"turn:{server.EndPoint("tcp")}?transport=tcp"],
            servers[1].GetProperty("urls").EnumerateArray().Select(static uri => uri.GetString()));
        foreach (string uri in servers[1].GetProperty("urls").EnumerateArray().Select(static uri => uri.GetString()!))
        {
            ProcessResult run = await StackCliRun.RunAsync(
                LabHost.Local,
                "turn", uri, "--user", servers[1].GetProperty("username").GetString()!, "--password", servers[1].GetProperty("credential").GetString()!,
                "--packets", "5", "--rate", "100", "--json");
            Assert.True(run.ExitCode == 0, run.ToString());
        }
    }

    [RequiresFact(Requirement.None)]
    public async Task Signal_Alone_SaysWhatPeersMissAndDrainsWith1013()
    {
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--signal", "http://127.0.0.1:0", "--signal", "http://127.0.0.2:0");
        Assert.Equal(2, server.OutputLines.Count(static line => line.StartsWith("listening http 127.0.0.", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.OutputLines, static line => line.StartsWith("listening udp", StringComparison.Ordinal));
        await server.WaitForLineAsync("there is no STUN or TURN server for peers", Timeout);
        using SignalClient peer = await SignalClient.JoinAsync(StackCliRun.Listening(server, "http"), "drain");
        Task<int> closed = peer.ReceiveCloseAsync();
        await LabHost.Local.RunAsync(Timeout, "kill", "-TERM", server.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1013, await closed);
        ProcessResult end = await server.WaitForExitAsync(Timeout);
        Assert.Equal(0, end.ExitCode);
    }

    [RequiresFact(Requirement.None)]
    public async Task Signal_BesideTurnWithoutASecret_SaysThatItIsMissing()
    {
        await using LabProcess server = await StackCliRun.ServeAsync(
            LabHost.Local, "--listen", "udp://127.0.0.1:0", "--realm", "r", "--user", "u:p", "--signal", "http://127.0.0.1:0");
        await server.WaitForLineAsync("auth-secret-file is missing", Timeout);
        using SignalClient peer = await SignalClient.JoinAsync(StackCliRun.Listening(server, "http"), "stun");
        JsonElement only = Assert.Single(peer.Joined.GetProperty("servers").EnumerateArray());
        Assert.Equal($"stun:{StackCliRun.Listening(server, "udp")}", only.GetProperty("urls")[0].GetString());
    }

    [RequiresFact(Requirement.None)]
    public async Task Hangup_WithAnotherToken_OpensTheListingForIt()
    {
        using TemporaryFolder folder = new();
        string token = Secret(folder, "token", "the first token of sixteen and more");
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--signal", "http://127.0.0.1:0", "--signal-token-file", token);
        IPEndPoint http = StackCliRun.Listening(server, "http");
        Assert.Equal(200, await ListAsync(http, "the first token of sixteen and more"));
        Secret(folder, "token", "the second token of sixteen and more");
        await LabHost.Local.RunAsync(Timeout, "kill", "-HUP", server.Id.ToString(CultureInfo.InvariantCulture));
        await server.WaitForLineAsync("signal-token-file: another token", Timeout);
        Assert.Equal(401, await ListAsync(http, "the first token of sixteen and more"));
        Assert.Equal(200, await ListAsync(http, "the second token of sixteen and more"));
        Assert.DoesNotContain(server.ErrorLines, static line => line.Contains("of sixteen", StringComparison.Ordinal));
    }

    // Must show 4, with processes and kill -9.
    [RequiresFact(Requirement.Redis)]
    public async Task Server_KilledBesideAnother_LeavesNoGhosts()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        string[] arguments =
        [
            "--signal", "http://127.0.0.1:0", "--signal-redis", redis.Uri,
            "--signal-limit", "heartbeat-interval=0.2", "--signal-limit", "process-timeout=5",
        ];
        await using LabProcess left = await StackCliRun.ServeAsync(LabHost.Local, arguments);
        LabProcess right = await StackCliRun.ServeAsync(LabHost.Local, arguments);
        using SignalClient one = await SignalClient.JoinAsync(StackCliRun.Listening(left, "http"), "kill");
        using SignalClient two = await SignalClient.JoinAsync(StackCliRun.Listening(right, "http"), "kill");
        Assert.Equal(two.Id, (await NextAsync(one, "peer")).GetProperty("id").GetInt32());
        await right.DisposeAsync();
        Assert.Equal(two.Id, (await NextAsync(one, "gone")).GetProperty("id").GetInt32());

        await using LabProcess again = await StackCliRun.ServeAsync(LabHost.Local, arguments);
        using SignalClient three = await SignalClient.JoinAsync(StackCliRun.Listening(again, "http"), "kill");
        Assert.True(three.Id > two.Id);

        // Where the machine stood still for as long as processes have, the second one may have been missed and seen again.
        while ((await NextAsync(one, "peer")).GetProperty("id").GetInt32() != three.Id)
        {
        }
    }

    // Must show 5.
    [RequiresFact(Requirement.None)]
    public async Task Sockets_FiveThousandIdle_CostFortyKilobytesEachAtMost()
    {
        const int Count = 5000;
        await using LabProcess server = await StackCliRun.ServeAsync(
            LabHost.Local,
            "--signal", "http://127.0.0.1:0", "--signal-limit", "connections=6000", "--signal-limit", "connections-per-address=6000",
            "--signal-limit", "connects-per-second=1000000", "--signal-limit", "first-message-timeout=600", "--log-level", "warning");
        IPEndPoint http = StackCliRun.Listening(server, "http");
        using IdleSockets sockets = new();

        // What the first ones load and compile is no cost of a socket.
        await sockets.AddAsync(http, 200);
        long before = ReadResidentKilobytes(server);
        await sockets.AddAsync(http, Count);
        long after = ReadResidentKilobytes(server);
        double each = (double)(after - before) / Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} KiB, then {after} KiB: {each:0.0} KiB each"));
        Assert.InRange(each, 1, 40);

        // They are all still there.
        Assert.Contains($"\nsignaling_open_connections {Count + 200}\n", await GetMetricsAsync(http), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> NextAsync(SignalClient client, string member)
    {
        while (await client.ReceiveAsync() is { } message)
        {
            if (message.TryGetProperty(member, out JsonElement value))
            {
                return value;
            }
        }

        throw new InvalidOperationException($"Closed in place of '{member}'.");
    }

    private static async Task<string> GetMetricsAsync(IPEndPoint server)
    {
        using System.Net.Http.HttpClient http = new();
        return await http.GetStringAsync(new Uri($"http://{server}/metrics"));
    }

    private static async Task<int> ListAsync(IPEndPoint server, string token)
    {
        using System.Net.Http.HttpClient http = new();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using System.Net.Http.HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{server}/api/v1/sessions"));
        return (int)answer.StatusCode;
    }

    private static long ReadResidentKilobytes(LabProcess process)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(static text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:".Length - "kB".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static string Secret(TemporaryFolder folder, string name, string content)
    {
        string path = folder.Write(name, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
