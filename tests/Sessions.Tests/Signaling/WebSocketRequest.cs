using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Sessions.Tests;

/// <summary>A request for a WebSocket.</summary>
internal sealed class WebSocketRequest(TcpClient client, NetworkStream stream, string path, IReadOnlyDictionary<string, string> headers)
{
    public string Path { get; } = path;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public async Task<WebSocketPeer> AcceptAsync(CancellationToken cancellationToken = default)
    {
#pragma warning disable CA5350 // RFC 6455 section 4.2.2 says SHA-1.
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(Headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"),
            cancellationToken);
        return new WebSocketPeer(client, WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }), Path);
    }

    public async Task RefuseAsync(int status, string headers = "")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\n{headers}\r\n"));
        client.Dispose();
    }
}
