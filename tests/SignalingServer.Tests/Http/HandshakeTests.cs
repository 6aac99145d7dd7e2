using System;
using System.Threading.Tasks;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class HandshakeTests
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private const string Upgrade = "Upgrade: websocket\r\nConnection: Upgrade";

    // RFC 6455 section 1.3 has this key and its answer.
    [Fact]
    public async Task Handshake_OfTheRfc_IsAnsweredAsThere()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", client.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", client.Head, StringComparison.OrdinalIgnoreCase);
    }

    // W01
    [Theory]
    [InlineData("", 426)]
    [InlineData("Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + Key, 426)]
    [InlineData("Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + Key, 426)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 8\r\n" + Key, 426)]
    [InlineData(Upgrade + "\r\n" + Key, 426)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 13", 400)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ", 400)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ", 400)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEy", 400)]
    [InlineData(Upgrade + "\r\nSec-WebSocket-Version: 13\r\n" + Key + "\r\n" + Key, 400)]
    public async Task Handshake_ThatIsNone_IsRefusedWithItsReason(string headers, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.AskAsync(server.EndPoint, "/session", null, headers.Length == 0 ? ["bare"] : ["bare", headers]);
        Assert.Equal(status, client.Status);
        Assert.Contains("\"error\":", await client.ReceiveBodyAsync(), StringComparison.Ordinal);
        if (status == 426)
        {
            string what = headers.Contains("Upgrade: websocket", StringComparison.Ordinal) ? "Sec-WebSocket-Version: 13\r\n" : "Upgrade: websocket\r\n";
            Assert.Contains(what, client.Head, StringComparison.OrdinalIgnoreCase);
        }
    }

    // W02. Who sends no origin is no browser, which alone can be tricked into connecting.
    [Theory]
    [InlineData(null, 101)]
    [InlineData("https://good.example", 101)]
    [InlineData("HTTPS://GOOD.EXAMPLE", 101)]
    [InlineData("https://evil.example", 403)]
    [InlineData("https://good.example.evil.com", 403)]
    [InlineData("null", 403)]
    public async Task Origin_OfAPage_DecidesWhetherItConnects(string? origin, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { AllowedOrigins = ["https://good.example"] });
        await using RawWebSocket client = await RawWebSocket.AskAsync(server.EndPoint, "/session", null, origin is null ? [] : [$"Origin: {origin}"]);
        Assert.Equal(status, client.Status);
    }

    [Fact]
    public async Task Origin_OfTheServersOwnPage_IsAllowed()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.AskAsync(server.EndPoint, "/session", null, $"Origin: http://{server.EndPoint}");
        Assert.Equal(101, client.Status);
    }

    // W08
    [Fact]
    public async Task Compression_Offered_IsNotAgreedOn()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(
            server.EndPoint, "/session", null, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
        Assert.DoesNotContain("Sec-WebSocket-Extensions", client.Head, StringComparison.OrdinalIgnoreCase);
        await client.SendAsync(WireFrame.OfText("{\"join\":{\"session\":\"w08\"}}") with { Reserved = 4 });
        Assert.Equal(1002, await client.ReceiveCloseAsync());
    }

    // signaling.md 1.2: VILLASnode asks for it, and some clients hang up where it is not echoed.
    [Theory]
    [InlineData("/villas/w/a", "webrtc-signaling", true)]
    [InlineData("/villas/w/a", "chat, webrtc-signaling", true)]
    [InlineData("/villas/w/a", "chat", false)]
    [InlineData("/session", "webrtc-signaling", false)]
    public async Task Subprotocol_OfVillasNode_IsEchoedThere(string path, string asked, bool isEchoed)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.OpenAsync(server.EndPoint, path, null, $"Sec-WebSocket-Protocol: {asked}");
        Assert.Equal(isEchoed, client.Head.Contains("Sec-WebSocket-Protocol: webrtc-signaling\r\n", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Path_OfNoDialect_Is404()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.AskAsync(server.EndPoint, "/nothing");
        Assert.Equal(404, client.Status);
    }

    [Fact]
    public async Task Villas_NameThatIsConnected_Is409()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket first = await RawWebSocket.OpenAsync(server.EndPoint, "/villas/w/a");
        await first.SendAsync(WireFrame.OfText("{\"signals\":[]}"));
        await first.ReceiveJsonAsync("control");
        await using RawWebSocket second = await RawWebSocket.AskAsync(server.EndPoint, "/villas/w/a");
        Assert.Equal(409, second.Status);
    }
}
