using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>One peer that has joined and says nothing but pongs: a WebSocket of RFC 6455, as bare as thousands of them in one process must be.</summary>
internal sealed class IdleSocket : IDisposable
{
    private const int HeaderSize = 2;
    private const int LongHeaderSize = 4;
    private const int TwoByteLength = 126;
    private const byte Text = 0x81;
    private const byte Ping = 0x89;
    private const byte Pong = 0x8a;
    private const byte IsMasked = 0x80;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private int _length;

    private ReadOnlySpan<byte> Received => _buffer.AsSpan(0, _length);

    public void Dispose() => _socket.Dispose();

    /// <summary>Joins a session and answers pings from then on.</summary>
    public async Task JoinAsync(IPEndPoint server, string session, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(server, cancellationToken);
        string request = $"GET /session HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        while (!Received.EndsWith("\r\n\r\n"u8))
        {
            await ReceiveAsync(cancellationToken);
        }

        _length = 0;
        await SendAsync(Text, Encoding.UTF8.GetBytes($"{{\"join\":{{\"session\":\"{session}\",\"name\":\"peer\"}}}}"));
        while (!(await ReadFrameAsync(cancellationToken)).Contains("\"joined\"", StringComparison.Ordinal))
        {
        }

        _ = AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                await ReadFrameAsync(CancellationToken.None);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed, by the server or here: the test counts those that are open.
        }
    }

    /// <summary>Reads one frame, and answers it if it is a ping.</summary>
    private async Task<string> ReadFrameAsync(CancellationToken cancellationToken)
    {
        int header = HeaderSize;
        int payload;
        while (true)
        {
            if (_length >= HeaderSize)
            {
                bool isLong = _buffer[1] == TwoByteLength;
                header = isLong ? LongHeaderSize : HeaderSize;
                payload = isLong ? (_buffer[2] << 8) | _buffer[3] : _buffer[1];
                if (_length >= header + payload)
                {
                    break;
                }
            }

            await ReceiveAsync(cancellationToken);
        }

        string text = Encoding.UTF8.GetString(_buffer, header, payload);
        if (_buffer[0] == Ping)
        {
            await SendAsync(Pong, _buffer[header..(header + payload)]);
        }

        _buffer.AsSpan((header + payload).._length).CopyTo(_buffer);
        _length -= header + payload;
        return text;
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = await _socket.ReceiveAsync(_buffer.AsMemory(_length), cancellationToken);
        _length += length == 0 ? throw new InvalidOperationException($"Closed after: {Encoding.ASCII.GetString(Received)}") : length;
    }

    // RFC 6455 section 5.2, with a mask of zeros.
    private async Task SendAsync(byte kind, byte[] payload)
        => await _socket.SendAsync((byte[])[kind, (byte)(IsMasked | payload.Length), 0, 0, 0, 0, .. payload], CancellationToken.None);
}
