using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>
/// A client that opens a socket and says nothing is in nobody's way. The server of <see cref="SessionServer"/> waits for a first message for a day, so
/// that no time-out comes to anybody's help. How long two others take beside it is measured in bench/results/signaling.md.
/// </summary>
public sealed class SilentClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [RequiresFact(Requirement.None)]
    public async Task SilentClients_InTheSameSession_TwoOthersMeetMeanwhile()
    {
        using CancellationTokenSource deadline = new(Patience);
        await using SessionServer server = await SessionServer.StartLocalAsync();
        string word = SessionServer.NewWord();
        using TcpClient tcp = new();
        await tcp.ConnectAsync(server.EndPoint, deadline.Token);
        using ClientWebSocket own = await OpenAsync(server, "/session", deadline.Token);
        using ClientWebSocket villas = await OpenAsync(server, $"/villas/{word}/silent", deadline.Token);
        Task<JsonNode> ownHears = ReceiveAsync(own, deadline.Token);
        Task<JsonNode> villasHears = ReceiveAsync(villas, deadline.Token);

        await MeetAsync(server, word, deadline.Token);
        await MeetAsVillasAsync(server, word, deadline.Token);

        Assert.False(ownHears.IsCompleted);
        Assert.False(villasHears.IsCompleted);
        await deadline.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ownHears);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => villasHears);
    }

    private static async Task MeetAsync(SessionServer server, string word, CancellationToken cancellationToken)
    {
        using ClientWebSocket first = await OpenAsync(server, "/session", cancellationToken);
        await SendAsync(first, new { join = new { session = word } }, cancellationToken);
        Assert.Empty((await ReceiveAsync(first, cancellationToken))["joined"]!["peers"]!.AsArray());
        using ClientWebSocket second = await OpenAsync(server, "/session", cancellationToken);
        await SendAsync(second, new { join = new { session = word } }, cancellationToken);
        JsonNode joined = (await ReceiveAsync(second, cancellationToken))["joined"]!;
        int other = joined["peers"]![0]!["id"]!.GetValue<int>();
        await SendAsync(second, new { to = other, description = new { type = "offer", sdp = "v=0" } }, cancellationToken);

        Assert.Equal("offer", joined["peers"]![0]!["role"]!.GetValue<string>());
        JsonNode came = (await ReceiveAsync(first, cancellationToken))["peer"]!;
        JsonNode offer = await ReceiveAsync(first, cancellationToken);
        Assert.Equal(joined["id"]!.GetValue<int>(), came["id"]!.GetValue<int>());
        Assert.Equal("v=0", offer["description"]!["sdp"]!.GetValue<string>());
        await first.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        Assert.Equal(other, (await ReceiveAsync(second, cancellationToken))["gone"]!["id"]!.GetValue<int>());
    }

    private static async Task MeetAsVillasAsync(SessionServer server, string word, CancellationToken cancellationToken)
    {
        using ClientWebSocket first = await OpenAsync(server, $"/villas/{word}/a", cancellationToken);
        await SendAsync(first, new { signals = Array.Empty<string>() }, cancellationToken);
        using ClientWebSocket second = await OpenAsync(server, $"/villas/{word}/b", cancellationToken);
        await SendAsync(second, new { signals = Array.Empty<string>() }, cancellationToken);
        await ReceiveUntilAsync(second, static said => said["control"] is { } control && control["peers"]!.AsArray().Count >= 2, cancellationToken);
        await ReceiveUntilAsync(first, static said => said["control"] is { } control && control["peers"]!.AsArray().Count >= 2, cancellationToken);
        await SendAsync(second, new { description = new { spd = "v=0", type = "offer" } }, cancellationToken);
        await ReceiveUntilAsync(first, static said => said["description"]?["spd"]?.GetValue<string>() == "v=0", cancellationToken);
    }

    private static async Task<ClientWebSocket> OpenAsync(SessionServer server, string path, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        try
        {
            await socket.ConnectAsync(new Uri(server.Socket(path)), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Task SendAsync(ClientWebSocket socket, object message, CancellationToken cancellationToken)
        => socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private static async Task ReceiveUntilAsync(ClientWebSocket socket, Func<JsonNode, bool> isMeant, CancellationToken cancellationToken)
    {
        while (!isMeant(await ReceiveAsync(socket, cancellationToken)))
        {
        }
    }

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        List<byte> text = [];
        byte[] buffer = new byte[4096];
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, cancellationToken);
            Assert.NotEqual(WebSocketMessageType.Close, result.MessageType);
            text.AddRange(buffer.AsSpan(0, result.Count));
            if (result.EndOfMessage)
            {
                return JsonNode.Parse(Encoding.UTF8.GetString([.. text]))!;
            }
        }
    }
}
