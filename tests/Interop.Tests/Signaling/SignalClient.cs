using System;
using System.Collections.Generic;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>A peer of the own dialect by means of the framework's WebSocket.</summary>
internal sealed class SignalClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();

    public JsonElement Joined { get; private set; }

    public int Id => Joined.GetProperty("id").GetInt32();

    public static async Task<SignalClient> JoinAsync(IPEndPoint server, string session)
    {
        SignalClient client = new();
        using CancellationTokenSource limit = new(Timeout);
        await client._socket.ConnectAsync(new Uri($"ws://{server}/session"), limit.Token);
        await client.SendAsync(new { join = new { session } });
        client.Joined = (await client.ReceiveAsync() ?? throw new InvalidOperationException($"Closed: {client._socket.CloseStatus}")).GetProperty("joined");
        return client;
    }

    public async Task SendAsync(object message)
    {
        using CancellationTokenSource limit = new(Timeout);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, limit.Token);
    }

    /// <summary>The next message; null where the server closed.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using CancellationTokenSource limit = new(Timeout);
        byte[] buffer = new byte[65_536];
        List<byte> message = [];
        while (true)
        {
            WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", limit.Token);
                return null;
            }

            message.AddRange(buffer.AsSpan(0, received.Count));
            if (received.EndOfMessage)
            {
                return JsonDocument.Parse(message.ToArray()).RootElement;
            }
        }
    }

    /// <summary>Reads on until the server closes.</summary>
    public async Task<int> ReceiveCloseAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        return (int)_socket.CloseStatus!;
    }

    public void Dispose() => _socket.Dispose();
}
