using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Stack.Signaling.Server.Tests;

/// <summary>Frames that no client sends (security.md 5.7). After each, somebody else joins: nothing of it is anybody else's loss.</summary>
public sealed class HostileFrameTests
{
    // Who has begun a message has all the time that a test may take to end it.
    private static readonly Func<SignalingServerOptions, SignalingServerOptions> LongMessages = static options => options with { CloseTimeout = RunningServer.Long };

    // W04; RFC 6455 sections 5.1, 5.2, 5.4 and 5.5.
    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "unmasked", (WireFrame.OfText("{}") with { Masked = false }).ToBytes() },
        { "RSV1", (WireFrame.OfText("{}") with { Reserved = 4 }).ToBytes() },
        { "RSV3", (WireFrame.OfText("{}") with { Reserved = 1 }).ToBytes() },
        { "reserved opcode", new WireFrame(3, []).ToBytes() },
        { "reserved control opcode", new WireFrame(11, []).ToBytes() },
        { "long control frame", new WireFrame(WireFrame.Ping, new byte[126]).ToBytes() },
        { "fragmented ping", (new WireFrame(WireFrame.Ping, [1]) { Final = false }).ToBytes() },
        { "continuation of nothing", new WireFrame(WireFrame.Continuation, [1]).ToBytes() },
        {
            "new message within one",
            [.. (WireFrame.OfText("{") with { Final = false }).ToBytes(), .. WireFrame.OfText("{}").ToBytes()]
        },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Frame_ThatIsNone_Closes1002(string what, byte[] bytes)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(bytes);
        Assert.True(await client.ReceiveCloseAsync() == 1002, what);
        await AssertOthersJoinAsync(server);
    }

    // W05: the two halves of a character that is none, in two frames.
    [Fact]
    public async Task Text_WithInvalidUtf8OverFrames_Closes1007()
    {
        await using RunningServer server = await RunningServer.StartAsync(LongMessages);
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(new WireFrame(WireFrame.Text, [(byte)'"', 0xED]) { Final = false });
        await client.SendAsync(new WireFrame(WireFrame.Continuation, [0xA0, 0x80, (byte)'"']));
        Assert.Equal(1007, await client.ReceiveCloseAsync());
        await AssertOthersJoinAsync(server);
    }

    // W07
    [Fact]
    public async Task Fragments_WithoutEnd_Close1009AtTheSeventeenth()
    {
        await using RunningServer server = await RunningServer.StartAsync(LongMessages);
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        byte[] next = new WireFrame(WireFrame.Continuation, [(byte)' ']) { Final = false }.ToBytes();
        await client.SendAsync(new WireFrame(WireFrame.Text, [(byte)'{']) { Final = false });
        await client.SendAsync(Enumerable.Repeat(next, 10_000).SelectMany(static bytes => bytes).ToArray());
        Assert.Equal(1009, await client.ReceiveCloseAsync());
        await AssertOthersJoinAsync(server);
    }

    [Fact]
    public async Task Message_InSixteenFragments_IsOne()
    {
        await using RunningServer server = await RunningServer.StartAsync(LongMessages);
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        byte[] join = "{\"join\":{\"session\":\"w07\"}}"u8.ToArray();
        for (int i = 0; i < 16; i++)
        {
            byte[] part = i == 15 ? join[15..] : join[i..(i + 1)];
            await client.SendAsync(new WireFrame(i == 0 ? WireFrame.Text : WireFrame.Continuation, part) { Final = i == 15 });
        }

        Assert.Equal(1, (await client.ReceiveJsonAsync("joined")).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData(65_537UL)]
    [InlineData(1UL << 40)]
    [InlineData(long.MaxValue)]
    public async Task Message_LongerThanAny_Closes1009ByItsHeader(ulong length)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(new WireFrame(WireFrame.Text, []) { ClaimedLength = length });
        Assert.Equal(1009, await client.ReceiveCloseAsync());
        await AssertOthersJoinAsync(server);
    }

    // W09
    [Theory]
    [InlineData(WireFrame.Ping)]
    [InlineData(WireFrame.Pong)]
    public async Task ControlFrames_InAFlood_Close1008(int opcode)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        byte[] frame = new WireFrame(opcode, "abcd"u8.ToArray()).ToBytes();
        await client.SendAsync(Enumerable.Repeat(frame, 10_000).SelectMany(static bytes => bytes).ToArray());
        Assert.Equal(1008, await client.ReceiveCloseAsync());
        await AssertOthersJoinAsync(server);
    }

    [Fact]
    public async Task Ping_OfAClient_IsAnswered()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(new WireFrame(WireFrame.Ping, "x"u8.ToArray()));
        WireFrame pong = await client.ReceiveAsync();
        Assert.Equal((WireFrame.Pong, "x"), (pong.Opcode, pong.AsText));
        Assert.False(pong.Masked);
    }

    // security.md 3.3, half-open connections: a client that is gone without a word is found by its silence.
    [Fact]
    public async Task Ping_ThatIsNotAnswered_EndsTheConnection()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { PingInterval = TimeSpan.FromMilliseconds(50), PongTimeout = TimeSpan.FromMilliseconds(50) });

        // A tenth of a second is all that anybody has here: who is held up loses the connection before it has read or said a word, and tries again.
        CancellationToken patience = Patience.Token();
        while (!await IsPingedAndEndedAsync(server))
        {
            patience.ThrowIfCancellationRequested();
        }

        while (!await IsJoinedAsync(server))
        {
            patience.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Binary_WhereTextIsSpoken_Closes1003()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(new WireFrame(WireFrame.Binary, "{\"join\":{\"session\":\"b\"}}"u8.ToArray()));
        Assert.Equal(1003, await client.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"join\":{\"session\":1}}")]
    [InlineData("{\"join\":{\"session\":\"a\"},\"join\":{\"session\":\"b\"}}")]
    [InlineData("")]
    public async Task Text_ThatIsNoMessage_Closes4400(string text)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await client.SendAsync(WireFrame.OfText(text));
        Assert.Equal(4400, await client.ReceiveCloseAsync());
        await AssertOthersJoinAsync(server);
    }

    private static async Task<bool> IsPingedAndEndedAsync(RunningServer server)
    {
        try
        {
            await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
            Assert.Equal(WireFrame.Ping, (await client.ReceiveAsync()).Opcode);
            await client.ReceiveEndAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<bool> IsJoinedAsync(RunningServer server)
    {
        try
        {
            await AssertOthersJoinAsync(server);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task AssertOthersJoinAsync(RunningServer server)
    {
        (RawWebSocket other, _) = await RawWebSocket.JoinAsync(server.EndPoint, "others");
        await other.DisposeAsync();
    }
}
