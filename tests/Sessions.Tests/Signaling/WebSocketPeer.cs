using System;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Sessions.Tests;

/// <summary>The server's end of a WebSocket.</summary>
internal sealed class WebSocketPeer(TcpClient client, WebSocket socket, string path) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 20];

    public string Path { get; } = path;

    public int? CloseCode => (int?)socket.CloseStatus;

    /// <summary>The next message; null where the client has closed, or is gone.</summary>
    public async Task<string?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> message)
        => await socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);

    public Task SendAsync(string message) => SendAsync(Encoding.UTF8.GetBytes(message));

    public Task CloseAsync(int code) => socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);

    /// <summary>Breaks the connection, as a network does.</summary>
    public void Break()
    {
        client.Client.LingerState = new LingerOption(true, 0);
        client.Dispose();
    }

    public void Dispose()
    {
        socket.Dispose();
        client.Dispose();
    }
}
