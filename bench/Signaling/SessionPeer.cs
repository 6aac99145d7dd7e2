using System;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.SignalingBench;

/// <summary>A peer of a session that reads what it is told. One reads and one writes at a time.</summary>
internal sealed class SessionPeer : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = new byte[4096];

    /// <summary>Its number.</summary>
    public int Id { get; private set; }

    public static async Task<SessionPeer> JoinAsync(IPEndPoint server, string session)
    {
        SessionPeer peer = new();
        await peer._socket.ConnectAsync(new Uri($"ws://{server}/session"), CancellationToken.None);
        await peer.SendAsync($"{{\"join\":{{\"session\":\"{session}\"}}}}", CancellationToken.None);
        JsonElement joined = await peer.ReceiveAsync("joined", CancellationToken.None);
        peer.Id = joined.GetProperty("joined").GetProperty("id").GetInt32();
        return peer;
    }

    public Task SendAsync(string text, CancellationToken cancellationToken)
        => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>The next message that has a member; others are dropped.</summary>
    public async Task<JsonElement> ReceiveAsync(string member, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadOnlyMemory<byte> text = await ReceiveAsync(cancellationToken);
            using var message = JsonDocument.Parse(text);
            if (message.RootElement.TryGetProperty(member, out _))
            {
                return message.RootElement.Clone();
            }
        }
    }

    /// <summary>The next message, valid until the next call.</summary>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * length);
            }

            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException($"Closed with {_socket.CloseStatus}: {_socket.CloseStatusDescription}");
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
