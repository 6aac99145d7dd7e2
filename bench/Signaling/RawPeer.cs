using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Stack.SignalingBench;

/// <summary>A peer that says what it must and then neither speaks nor reads, as cheap for this process as may be.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawPeer()
    {
    }

    /// <summary>Opens a TCP connection, and nothing more.</summary>
    public static async Task<RawPeer> ConnectAsync(IPEndPoint server)
    {
        RawPeer peer = new();
        await peer._socket.ConnectAsync(server);
        return peer;
    }

    /// <summary>Opens a WebSocket, and nothing more.</summary>
    public static async Task<RawPeer> OpenAsync(IPEndPoint server, string path, int? receiveBuffer = null)
    {
        RawPeer peer = new();
        if (receiveBuffer is { } size)
        {
            peer._socket.ReceiveBufferSize = size;
        }

        await peer._socket.ConnectAsync(server);
        string request = $"GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await peer._socket.SendAsync(Encoding.ASCII.GetBytes(request));
        await peer.ReadUntilAsync("\r\n\r\n");
        return peer;
    }

    /// <summary>Joins a session.</summary>
    public static async Task<RawPeer> JoinAsync(IPEndPoint server, string session, int? receiveBuffer = null)
    {
        RawPeer peer = await OpenAsync(server, "/session", receiveBuffer);
        byte[] join = Encoding.UTF8.GetBytes($"{{\"join\":{{\"session\":\"{session}\",\"name\":\"peer\"}}}}");

        // RFC 6455 section 5.2, with a mask of zeros.
        await peer._socket.SendAsync((byte[])[0x81, (byte)(0x80 | join.Length), 0, 0, 0, 0, .. join]);
        await peer.ReadUntilAsync("\"joined\"");
        return peer;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadUntilAsync(string text)
    {
        byte[] buffer = new byte[4096];
        string read = "";
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            int length = await _socket.ReceiveAsync(buffer);
            read += length == 0 ? throw new InvalidOperationException($"Closed after: {read}") : Encoding.ASCII.GetString(buffer, 0, length);
        }
    }
}
