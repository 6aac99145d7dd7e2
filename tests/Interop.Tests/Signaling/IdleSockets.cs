using System;
using System.Collections.Generic;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>Many peers that have joined and say nothing, but answer pings, as browsers do.</summary>
internal sealed class IdleSockets : IDisposable
{
    private const int PeersOfASession = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly List<ClientWebSocket> _sockets = [];

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    /// <summary>Adds peers, and waits until each has joined.</summary>
    public async Task AddAsync(IPEndPoint server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using CancellationTokenSource limit = new(Timeout);
            var socket = new ClientWebSocket();
            _sockets.Add(socket);
            socket.Options.SetRequestHeader("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)");
            await socket.ConnectAsync(new Uri($"ws://{server}/session"), limit.Token);
            byte[] join = Encoding.UTF8.GetBytes($"{{\"join\":{{\"session\":\"idle-{_sockets.Count / PeersOfASession}\",\"name\":\"peer\"}}}}");
            await socket.SendAsync(join, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            byte[] buffer = new byte[1024];
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, limit.Token);
            string answer = Encoding.UTF8.GetString(buffer, 0, result.Count);
            if (!answer.Contains("\"joined\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"Not joined: {answer}");
            }

            _ = ListenAsync(socket, buffer);
        }
    }

    // The framework answers a ping while somebody waits for a message.
    private static async Task ListenAsync(ClientWebSocket socket, byte[] buffer)
    {
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                await socket.ReceiveAsync(buffer, CancellationToken.None);
            }
        }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed, by the server or here: the test counts those that are open.
        }
    }
}
