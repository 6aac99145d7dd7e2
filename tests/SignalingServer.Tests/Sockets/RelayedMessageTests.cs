using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class RelayedMessageTests
{
    // W24
    [Fact]
    public async Task Description_OfSixtyKilobytes_ArrivesToTheByte()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (RawWebSocket first, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "w24");
        await using RawWebSocket one = first;
        (RawWebSocket second, _) = await RawWebSocket.JoinAsync(server.EndPoint, "w24");
        await using RawWebSocket two = second;
        string sdp = "v=0\r\ns=\u001b[31m \"quoted\" \\ \u00e9 \ud83d\ude00 \u2028 <script>\r\n" + string.Concat(Enumerable.Repeat("a=x:\t\u0001\r\n", 500)) + new string('y', 50_000);
        await two.SendJsonAsync(new { to = joined.GetProperty("id").GetInt32(), description = new { type = "offer", sdp } });
        JsonElement message = await one.ReceiveJsonAsync("description");
        Assert.Equal(2, message.GetProperty("from").GetInt32());
        Assert.Equal(sdp, message.GetProperty("description").GetProperty("sdp").GetString());
        Assert.InRange(Encoding.UTF8.GetByteCount(sdp), 40_000, 64 * 1024);
    }

    // Must show 3. The silent one is in the middle of everything that could wait for it: its join is read half, its socket is never read.
    [Fact]
    public async Task SilentClients_DelayNobody()
    {
        ManualTimeProvider time = new();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { TimeProvider = time });
        await using RawWebSocket silent = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await using RawWebSocket halfway = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await halfway.SendAsync(WireFrame.OfText("{\"join\":{\"session\":\"three\"}}").ToBytes().AsMemory(0, 12));
        await using RawWebSocket villas = await RawWebSocket.OpenAsync(server.EndPoint, "/villas/three/silent");
        await using RawWebSocket unread = (await RawWebSocket.JoinAsync(server.EndPoint, "three")).Socket;

        // The clock stands still: whatever waited for one of them would wait for ever.
        (RawWebSocket first, JsonElement alice) = await RawWebSocket.JoinAsync(server.EndPoint, "three", "alice");
        await using RawWebSocket one = first;
        (RawWebSocket second, JsonElement bob) = await RawWebSocket.JoinAsync(server.EndPoint, "three", "bob");
        await using RawWebSocket two = second;
        await two.SendJsonAsync(new { to = alice.GetProperty("id").GetInt32(), description = new { type = "offer", sdp = "v=0" } });
        await one.ReceiveJsonAsync("description");
        await one.SendJsonAsync(new { to = bob.GetProperty("id").GetInt32(), description = new { type = "answer", sdp = "v=0" } });
        await two.ReceiveJsonAsync("description");
    }

    // W19
    [Fact]
    public async Task SlowReader_InASessionOfEight_IsClosedWhileTheOthersGoOn()
    {
        const int Rounds = 40;
        SignalingLimits limits = RunningServer.Roomy with { MessagesPerSecond = 1_000_000, MessageBurst = 1_000_000, SessionMessagesPerSecond = 1_000_000 };
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Limits = limits });
        (RawWebSocket slow, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "slow");
        await using RawWebSocket slowReader = slow;
        int slowId = joined.GetProperty("id").GetInt32();
        List<(RawWebSocket Socket, int Id)> others = [];
        for (int i = 0; i < 7; i++)
        {
            (RawWebSocket socket, JsonElement one) = await RawWebSocket.JoinAsync(server.EndPoint, "slow");
            others.Add((socket, one.GetProperty("id").GetInt32()));
        }

        string sdp = new('a', 60_000);
        (RawWebSocket sender, int senderId) = others[0];
        (RawWebSocket receiver, int receiverId) = others[1];
        bool isGone = false;
        for (int round = 0; round < 1000 && !isGone; round++)
        {
            // What goes to the one who does not read, and behind it what goes to somebody else.
            await sender.SendJsonAsync(new { to = slowId, description = new { type = "offer", sdp } });
            await sender.SendJsonAsync(new { to = receiverId, candidate = new { candidate = $"candidate:{round}" } });
            JsonElement message = await receiver.ReceiveJsonAsync("candidate");
            Assert.Equal($"candidate:{round}", message.GetProperty("candidate").GetProperty("candidate").GetString());
            isGone = server.Log.Any(static line => line.Contains("code=1013", StringComparison.Ordinal));
        }

        Assert.True(isGone);
        for (int round = 0; round < Rounds; round++)
        {
            await receiver.SendJsonAsync(new { to = senderId, candidate = new { candidate = $"candidate:{round}" } });
            JsonElement message = await sender.ReceiveJsonAsync("candidate");
            Assert.Equal(receiverId, message.GetProperty("from").GetInt32());
        }

        await slowReader.ReceiveEndAsync();
        foreach ((RawWebSocket socket, _) in others)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Resume_AfterABreak_BringsWhatWasSaidMeanwhile()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (RawWebSocket first, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "resume");
        (RawWebSocket second, _) = await RawWebSocket.JoinAsync(server.EndPoint, "resume");
        await using RawWebSocket two = second;
        first.Break();

        // What the system took for the broken connection before the server heard of the break is gone.
        await server.UntilAsync(static counts => counts.Connections == 1);
        await two.SendJsonAsync(new { to = 1, description = new { type = "offer", sdp = "v=0 meanwhile" } });
        await using RawWebSocket again = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await again.SendJsonAsync(new { join = new { session = "resume", resume = joined.GetProperty("resume").GetString() } });
        JsonElement resumed = await again.ReceiveJsonAsync("joined");
        Assert.Equal((1, true), (resumed.GetProperty("id").GetInt32(), resumed.GetProperty("resumed").GetBoolean()));
        JsonElement message = await again.ReceiveJsonAsync("description");
        Assert.Equal("v=0 meanwhile", message.GetProperty("description").GetProperty("sdp").GetString());
    }

    [Theory]
    [InlineData(new byte[] { 3, 232 })]
    [InlineData(new byte[] { 3, 233 })]
    [InlineData(new byte[0])]
    public async Task Close_OfAPeer_IsAnsweredAndToldTheOthers(byte[] payload)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (RawWebSocket first, _) = await RawWebSocket.JoinAsync(server.EndPoint, "leave");
        await using RawWebSocket one = first;
        (RawWebSocket second, _) = await RawWebSocket.JoinAsync(server.EndPoint, "leave");
        await using RawWebSocket two = second;
        await one.SendAsync(new WireFrame(WireFrame.CloseOpcode, payload));
        Assert.Equal(payload.Length == 0 ? 1000 : (payload[0] << 8) | payload[1], await one.ReceiveCloseAsync());
        await one.ReceiveEndAsync();
        Assert.Equal(1, (await two.ReceiveJsonAsync("gone")).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Drain_WithPeers_Closes1013()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (RawWebSocket socket, _) = await RawWebSocket.JoinAsync(server.EndPoint, "drain");
        await using RawWebSocket client = socket;
        Task<bool> drained = server.Host.DrainAsync(Patience.Limit);
        Assert.Equal(1013, await client.ReceiveCloseAsync());
        await client.SendAsync(new WireFrame(WireFrame.CloseOpcode, [3, 245]));
        Assert.True(await drained.InTime());
    }
}
