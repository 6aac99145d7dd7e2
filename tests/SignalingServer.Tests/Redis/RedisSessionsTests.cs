using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Server.Tests;

/// <summary>Two servers and one real store. Nothing here is timed: each step waits for what the step before causes.</summary>
public sealed class RedisSessionsTests
{
    // Must show 4
    [RequiresFact(Requirement.Redis)]
    public async Task Peers_OnTwoServers_MeetAndTalk()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningServer left = await StartAsync(redis.GetEndPoint());
        await using RunningServer right = await StartAsync(redis.GetEndPoint());
        (RawWebSocket first, JsonElement alice) = await RawWebSocket.JoinAsync(left.EndPoint, "meet", "alice");
        await using RawWebSocket one = first;
        (RawWebSocket second, JsonElement bob) = await RawWebSocket.JoinAsync(right.EndPoint, "meet", "bob");
        await using RawWebSocket two = second;
        Assert.Equal((1, 2), (Id(alice), Id(bob)));
        JsonElement seen = await one.ReceiveJsonAsync("peer");
        Assert.Equal(("bob", 2, "answer"), (seen.GetProperty("name").GetString(), Id(seen), seen.GetProperty("role").GetString()));
        if (bob.GetProperty("peers").GetArrayLength() == 0)
        {
            await two.ReceiveJsonAsync("peer");
        }

        await TalkAsync(two, one, Id(alice), Id(bob));
        await TalkAsync(one, two, Id(bob), Id(alice));
        await two.SendJsonAsync(new { leave = new { } });
        Assert.Equal(2, Id(await one.ReceiveJsonAsync("gone")));
    }

    [RequiresFact(Requirement.Redis)]
    public async Task Ids_OfTwoServers_AreNeverTheSame()
    {
        await using RedisServer redis = await RedisServer.StartAsync("canary-password");
        await using RunningServer left = await StartAsync(redis.GetEndPoint());
        await using RunningServer right = await StartAsync(redis.GetEndPoint());
        Task<(RawWebSocket Socket, JsonElement Joined)>[] joining =
            [.. Enumerable.Range(0, 8).Select(i => RawWebSocket.JoinAsync((i % 2 == 0 ? left : right).EndPoint, "ids"))];
        (RawWebSocket Socket, JsonElement Joined)[] joined = await Task.WhenAll(joining).InTime();
        Assert.Equal(8, joined.Select(static one => Id(one.Joined)).Distinct().Count());
        foreach ((RawWebSocket socket, _) in joined)
        {
            await socket.DisposeAsync();
        }

        Assert.DoesNotContain(left.Log, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    // Must show 4: kill -9 of the store, which comes back empty.
    [RequiresFact(Requirement.Redis)]
    public async Task Store_KilledAndRestarted_LosesNobodyAndNoSignal()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningServer left = await StartAsync(redis.GetEndPoint());
        await using RunningServer right = await StartAsync(redis.GetEndPoint());
        (RawWebSocket first, JsonElement alice) = await RawWebSocket.JoinAsync(left.EndPoint, "outage", "alice");
        await using RawWebSocket one = first;
        (RawWebSocket second, JsonElement bob) = await RawWebSocket.JoinAsync(right.EndPoint, "outage", "bob");
        await using RawWebSocket two = second;
        await one.ReceiveJsonAsync("peer");

        await redis.KillAsync();
        await RefusedJoinAsync(left);
        await RefusedJoinAsync(right);
        for (int i = 0; i < 10; i++)
        {
            await two.SendJsonAsync(new { to = Id(alice), candidate = new { candidate = $"candidate:{i}" } });
        }

        await redis.RestartAsync();
        for (int i = 0; i < 10; i++)
        {
            // In their order, each once.
            JsonElement held = await NextAsync(one);
            Assert.Equal($"candidate:{i}", held.GetProperty("candidate").GetProperty("candidate").GetString());
            Assert.Equal(Id(bob), held.GetProperty("from").GetInt32());
        }

        (RawWebSocket third, JsonElement carol) = await JoinWhenPossibleAsync(left, "outage");
        await using RawWebSocket three = third;
        Assert.True(Id(carol) > Id(bob));
        Assert.Equal(Id(carol), Id((await NextAsync(one)).GetProperty("peer")));
        Assert.Equal(Id(carol), Id((await NextAsync(two)).GetProperty("peer")));
        await TalkAsync(three, two, Id(bob), Id(carol));
    }

    [RequiresFact(Requirement.Redis)]
    public async Task Server_ThatVanishes_LeavesNoGhosts()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using CutProxy proxy = new(redis.Port);
        await using RunningServer left = await StartAsync(redis.GetEndPoint(), static limits => limits with { ProcessTimeout = TimeSpan.FromSeconds(10) });
        await using RunningServer right = await StartAsync(redis.GetEndPoint(proxy.Port));
        (RawWebSocket first, _) = await RawWebSocket.JoinAsync(left.EndPoint, "ghosts", "alice");
        await using RawWebSocket one = first;
        (RawWebSocket second, _) = await RawWebSocket.JoinAsync(right.EndPoint, "ghosts", "bob");
        await using RawWebSocket two = second;
        await one.ReceiveJsonAsync("peer");

        proxy.Cut();
        Assert.Equal(2, Id(await one.ReceiveJsonAsync("gone")));
        (RawWebSocket third, JsonElement carol) = await RawWebSocket.JoinAsync(left.EndPoint, "ghosts", "carol");
        await using RawWebSocket three = third;
        Assert.Equal(3, Id(carol));
        Assert.Equal([1], carol.GetProperty("peers").EnumerateArray().Select(Id));
        Assert.Equal(0, left.Host.Counts.RemotePeers);
    }

    [RequiresFact(Requirement.Redis)]
    public async Task Server_ThatEnds_SaysSo()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningServer left = await StartAsync(redis.GetEndPoint());
        RunningServer right = await StartAsync(redis.GetEndPoint());
        (RawWebSocket first, _) = await RawWebSocket.JoinAsync(left.EndPoint, "end", "alice");
        await using RawWebSocket one = first;
        (RawWebSocket second, _) = await RawWebSocket.JoinAsync(right.EndPoint, "end", "bob");
        await using RawWebSocket two = second;
        await one.ReceiveJsonAsync("peer");
        await right.DisposeAsync();
        Assert.Equal(2, Id(await one.ReceiveJsonAsync("gone")));
    }

    [RequiresFact(Requirement.Redis)]
    public async Task Store_ThatRefuses_IsSaidAndNobodyJoins()
    {
        await using RedisServer redis = await RedisServer.StartAsync("right-password");
        Assert.True(RedisEndPoint.TryParse($"redis://:wrong-password@127.0.0.1:{redis.Port}", out RedisEndPoint? where));
        await using RunningServer server = await StartAsync(where);
        await RefusedJoinAsync(server);
        Assert.DoesNotContain(server.Log, static line => line.Contains("wrong-password", StringComparison.Ordinal));
    }

    private static int Id(JsonElement peer) => peer.GetProperty("id").GetInt32();

    private static Task<RunningServer> StartAsync(RedisEndPoint redis, Func<SignalingLimits, SignalingLimits>? change = null)
    {
        // A process that is silent for as long as the store is away, or the machine stands still, is not gone.
        SignalingLimits limits = RunningServer.Roomy with { HeartbeatInterval = TimeSpan.FromMilliseconds(200), ProcessTimeout = TimeSpan.FromDays(1) };
        return RunningServer.StartAsync(options => options with { Redis = redis, Limits = change is null ? limits : change(limits) });
    }

    private static async Task TalkAsync(RawWebSocket from, RawWebSocket to, int toId, int fromId)
    {
        await from.SendJsonAsync(new { to = toId, description = new { type = "offer", sdp = $"v=0 {fromId}" } });
        JsonElement message = await to.ReceiveJsonAsync("description");
        Assert.Equal(fromId, message.GetProperty("from").GetInt32());
        Assert.Equal($"v=0 {fromId}", message.GetProperty("description").GetProperty("sdp").GetString());
    }

    private static async Task<JsonElement> NextAsync(RawWebSocket socket)
    {
        WireFrame frame = await socket.ReceiveMessageAsync();
        return JsonDocument.Parse(frame.Payload).RootElement;
    }

    private static async Task RefusedJoinAsync(RunningServer server)
    {
        // That the store is gone is seen a moment after it is.
        int code = 0;
        while (code != 1013)
        {
            await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
            await client.SendJsonAsync(new { join = new { session = "refused" } });
            WireFrame frame = await client.ReceiveMessageAsync();
            code = frame.Opcode == WireFrame.CloseOpcode ? frame.CloseCode : 0;
        }
    }

    private static async Task<(RawWebSocket Socket, JsonElement Joined)> JoinWhenPossibleAsync(RunningServer server, string session)
    {
        while (true)
        {
            RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
            await client.SendJsonAsync(new { join = new { session } });
            WireFrame frame = await client.ReceiveMessageAsync();
            if (frame.Opcode == WireFrame.Text)
            {
                return (client, JsonDocument.Parse(frame.Payload).RootElement.GetProperty("joined"));
            }

            await client.DisposeAsync();
        }
    }
}
