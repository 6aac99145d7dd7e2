using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Stack.Signaling.Server.Tests;

/// <summary>A WebSocket client of bare bytes: it sends what a test wants, right or wrong, and reads what comes back.</summary>
internal sealed class RawWebSocket : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawWebSocket(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The status line and headers of the answer to the handshake.</summary>
    public string Head { get; private set; } = "";

    public int Status => int.Parse(Head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Connects without a word.</summary>
    public static async Task<RawWebSocket> DialAsync(IPEndPoint server, IPAddress? from = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        await socket.ConnectAsync(server, Patience.Token());
        return new RawWebSocket(socket);
    }

    /// <summary>Asks for a WebSocket; the answer is in <see cref="Head"/>.</summary>
    public static async Task<RawWebSocket> AskAsync(IPEndPoint server, string path, IPAddress? from = null, params string[] headers)
    {
        RawWebSocket client = await DialAsync(server, from);
        await client.RequestAsync(path, headers);
        return client;
    }

    /// <summary>Opens a WebSocket.</summary>
    public static async Task<RawWebSocket> OpenAsync(IPEndPoint server, string path, IPAddress? from = null, params string[] headers)
    {
        RawWebSocket client = await AskAsync(server, path, from, headers);
        return client.Status == 101 ? client : throw new InvalidOperationException(client.Head);
    }

    /// <summary>Joins a session in the own dialect; the answer is read.</summary>
    public static async Task<(RawWebSocket Socket, JsonElement Joined)> JoinAsync(IPEndPoint server, string session, string name = "", IPAddress? from = null)
    {
        RawWebSocket client = await OpenAsync(server, "/session", from);
        await client.SendJsonAsync(new { join = new { session, name } });
        return (client, await client.ReceiveJsonAsync("joined"));
    }

    public async Task RequestAsync(string path, params string[] headers)
    {
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: {_socket.RemoteEndPoint}\r\n");
        bool isBare = Array.Exists(headers, static header => header == "bare");
        if (!isBare)
        {
            request.Append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        }

        foreach (string header in headers)
        {
            if (header != "bare")
            {
                request.Append(header).Append("\r\n");
            }
        }

        await SendAsync(Encoding.UTF8.GetBytes(request.Append("\r\n").ToString()));
        Head = await ReadHeadAsync();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, Patience.Token());

    public Task SendAsync(WireFrame frame) => SendAsync(frame.ToBytes());

    public Task SendJsonAsync(object message) => SendAsync(new WireFrame(WireFrame.Text, JsonSerializer.SerializeToUtf8Bytes(message)));

    public async Task<WireFrame> ReceiveAsync()
    {
        byte[] head = await ReadAsync(2);
        int length = head[1] & 0x7F;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        }
        else if (length == 127)
        {
            length = (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8));
        }

        return new WireFrame(head[0] & 0x0F, await ReadAsync(length))
        {
            Final = (head[0] & 0x80) != 0,
            Reserved = (head[0] >> 4) & 7,
            Masked = (head[1] & 0x80) != 0,
        };
    }

    /// <summary>Reads the next message; pings and pongs are passed over.</summary>
    public async Task<WireFrame> ReceiveMessageAsync()
    {
        while (true)
        {
            WireFrame frame = await ReceiveAsync();
            if (frame.Opcode is not (WireFrame.Ping or WireFrame.Pong))
            {
                return frame;
            }
        }
    }

    /// <summary>Reads until a message has a member of a name, and returns that.</summary>
    public async Task<JsonElement> ReceiveJsonAsync(string member)
    {
        List<string> others = [];
        while (true)
        {
            WireFrame frame = await ReceiveMessageAsync();
            if (frame.Opcode != WireFrame.Text)
            {
                throw new InvalidOperationException($"Closed with {frame.CloseCode} in place of '{member}', after: {string.Join(' ', others)}");
            }

            JsonElement message = JsonDocument.Parse(frame.Payload).RootElement;
            if (message.TryGetProperty(member, out JsonElement value))
            {
                return member is "description" or "candidate" ? message : value;
            }

            others.Add(frame.AsText);
        }
    }

    /// <summary>Reads on to the close.</summary>
    /// <returns>Its code; 1006 where the connection ended without.</returns>
    public async Task<int> ReceiveCloseAsync()
    {
        try
        {
            while (true)
            {
                WireFrame frame = await ReceiveAsync();
                if (frame.Opcode == WireFrame.CloseOpcode)
                {
                    return frame.CloseCode;
                }
            }
        }
        catch (IOException)
        {
            return 1006;
        }
    }

    /// <summary>Reads to the end of the connection.</summary>
    public async Task ReceiveEndAsync()
    {
        byte[] rest = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(rest, Patience.Token()) != 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>The rest of an HTTP answer whose length is in <see cref="Head"/>.</summary>
    public async Task<string> ReceiveBodyAsync()
    {
        const string Name = "Content-Length: ";
        int start = Head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        int length = int.Parse(Head.AsSpan(start, Head.IndexOf("\r\n", start, StringComparison.Ordinal) - start), System.Globalization.CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetString(await ReadAsync(length));
    }

    /// <summary>Breaks the connection, as a crash does.</summary>
    public void Break()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Patience.Token());
        return bytes;
    }

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        return head.ToString();
    }
}
