using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>Many peers that have joined and then say nothing, as cheap for this process as may be.</summary>
internal sealed class IdleSockets : IDisposable
{
    private const int PeersOfASession = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly List<Socket> _sockets = [];
    private readonly byte[] _buffer = new byte[4096];

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    /// <summary>Adds peers, and waits until each has joined.</summary>
    public async Task AddAsync(IPEndPoint server, int count)
    {
        using CancellationTokenSource limit = new(Timeout);
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _sockets.Add(socket);
            await socket.ConnectAsync(server, limit.Token);
            string request = $"GET /session HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), limit.Token);
            await ReadUntilAsync(socket, "\r\n\r\n", limit.Token);
            byte[] join = Encoding.UTF8.GetBytes($"{{\"join\":{{\"session\":\"idle-{_sockets.Count / PeersOfASession}\",\"name\":\"peer\"}}}}");

            // RFC 6455 section 5.2, with a mask of zeros.
            await socket.SendAsync((byte[])[0x81, (byte)(0x80 | join.Length), 0, 0, 0, 0, .. join], limit.Token);
            await ReadUntilAsync(socket, "\"joined\"", limit.Token);
        }
    }

    private async Task ReadUntilAsync(Socket socket, string text, CancellationToken cancellationToken)
    {
        string read = "";
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            int length = await socket.ReceiveAsync(_buffer, cancellationToken);
            read += length == 0 ? throw new InvalidOperationException($"Closed after: {read}") : Encoding.ASCII.GetString(_buffer, 0, length);
        }
    }
}
