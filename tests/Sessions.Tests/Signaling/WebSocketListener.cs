using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Sessions.Tests;

/// <summary>A WebSocket server on a free port of loopback that does what a test says.</summary>
internal sealed class WebSocketListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WebSocketListener() => _listener.Start();

    public Uri Uri => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Takes the next connection and reads its request.</summary>
    public async Task<WebSocketRequest> AcceptAsync(CancellationToken cancellationToken = default)
    {
        TcpClient client = await _listener.AcceptTcpClientAsync(cancellationToken);
        client.NoDelay = true;
        NetworkStream stream = client.GetStream();
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = lines.Skip(1).Select(static line => line.Split(": ", 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new WebSocketRequest(client, stream, lines[0].Split(' ')[1], headers);
    }

    /// <summary>Takes the next connection as a WebSocket.</summary>
    public async Task<WebSocketPeer> AcceptWebSocketAsync(CancellationToken cancellationToken = default)
        => await (await AcceptAsync(cancellationToken)).AcceptAsync(cancellationToken);

    public void Dispose() => _listener.Dispose();
}
