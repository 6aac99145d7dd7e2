using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>
/// One WebSocket between the network and the loop. Who reads it waits without a buffer; who writes it exists only while there is something to write.
/// How much may wait is the core's to say: it closes who does not read.
/// </summary>
/// <remarks>
/// The loop calls <see cref="Enqueue"/>, <see cref="Close"/> and <see cref="CompleteMessage"/>, and none of them waits. <see cref="RunAsync"/> is the
/// request's.
/// </remarks>
internal sealed class SignalingSocket(ConnectionId id, TransportAddress remote, SignalingLoop loop, SignalingServerOptions options) : IThreadPoolWorkItem
{
    private const int FirstBufferSize = 4096;

    private readonly Lock _gate = new();
    private readonly MessageTurn _turn = new();
    private Queue<ReadOnlyMemory<byte>>? _queue;
    private HttpContext? _context;
    private WebSocket? _webSocket;
    private string _closeReason = "";
    private int _closeCode;
    private bool _isDraining;
    private bool _isWriting;
    private bool _hasWrittenLast;
    private bool _isClosed;
    private TaskCompletionSource? _written;

    public ConnectionId Id => id;

    public TransportAddress Remote => remote;

    /// <summary>Takes a message to send.</summary>
    public void Enqueue(ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            if (_closeCode != 0 || _isClosed)
            {
                return;
            }

            _queue ??= new Queue<ReadOnlyMemory<byte>>();
            _queue.Enqueue(payload);
            StartWriter();
        }
    }

    /// <summary>Closes the socket: at once, or when what waits has been sent.</summary>
    /// <returns>Whether it was not being closed already.</returns>
    public bool Close(int code, string reason, bool drain)
    {
        lock (_gate)
        {
            if (_closeCode != 0 || _isClosed)
            {
                return false;
            }

            (_closeCode, _closeReason, _isDraining) = (code, reason, drain);
            if (!drain)
            {
                _queue = null;
            }

            StartWriter();
            return true;
        }
    }

    /// <summary>The loop is done with the message that was read last.</summary>
    /// <param name="wait">How long to wait before the next one is read.</param>
    public void CompleteMessage(TimeSpan wait) => _turn.Complete(wait);

    /// <summary>Ends the connection without another word.</summary>
    public void Abort()
    {
        HttpContext? context;
        lock (_gate)
        {
            _isClosed = true;
            context = _context;
        }

        context?.Abort();
    }

    /// <summary>Serves the WebSocket until it is over.</summary>
    /// <param name="context">The request.</param>
    /// <param name="connection">The connection behind it.</param>
    public async Task RunAsync(HttpContext context, Stream connection)
    {
        var guard = new FrameGuardStream(connection, options.Limits.MaxDescriptionSize, loop.Clock, verdict => loop.Post(LoopInput.OfRefused(this, verdict)), EndIfAborted);
        using WebSocket webSocket = WebSocket.CreateFromStream(guard, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = options.PingInterval,
            KeepAliveTimeout = options.PongTimeout,
        });
        bool wasAborted;
        lock (_gate)
        {
            (_context, _webSocket, wasAborted) = (context, webSocket, _isClosed);
            if (_queue is not null || _closeCode != 0)
            {
                StartWriter();
            }
        }

        if (wasAborted)
        {
            context.Abort();
            loop.Post(LoopInput.OfClosed(this, 0));
            return;
        }

        int code = 0;
        try
        {
            code = await ReadAsync(webSocket).ConfigureAwait(false);
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The connection broke, or the WebSocket has said what was wrong with a frame.
        }

        // No longer open as far as the core is concerned, however long the goodbye takes.
        loop.Post(LoopInput.OfClosed(this, code));
        await EndAsync(webSocket, guard, code).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    // A ping that was not answered: the WebSocket gives up, and would leave the connection as it is.
    private void EndIfAborted()
    {
        if (_webSocket?.State == WebSocketState.Aborted)
        {
            Abort();
        }
    }

    // Under the gate.
    private void StartWriter()
    {
        if (!_isWriting && _webSocket is not null)
        {
            _isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WriteAsync()
    {
        WebSocket webSocket = _webSocket!;
        bool isLast = true;
        try
        {
            while (TryDequeue(out ReadOnlyMemory<byte> payload, out int closeCode))
            {
                if (closeCode != 0)
                {
                    await webSocket.CloseOutputAsync((WebSocketCloseStatus)closeCode, _closeReason, CancellationToken.None).ConfigureAwait(false);
                    return;
                }

                await webSocket.SendAsync(payload, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
                loop.Post(LoopInput.OfSent(this));
            }

            isLast = false;
        }
        catch (Exception error) when (IsEnd(error))
        {
            Abort();
        }
        finally
        {
            lock (_gate)
            {
                _hasWrittenLast |= isLast;
                if (isLast || !_isWriting)
                {
                    _written?.TrySetResult();
                }
            }
        }
    }

    // Who closes is the last to write: _isWriting stays set.
    private bool TryDequeue(out ReadOnlyMemory<byte> payload, out int closeCode)
    {
        lock (_gate)
        {
            closeCode = 0;
            if (_queue is not null && _queue.TryDequeue(out payload))
            {
                return true;
            }

            _queue = null;
            payload = default;
            closeCode = _closeCode;
            _isWriting = closeCode != 0;
            return closeCode != 0;
        }
    }

    /// <summary>Reads until the client closes.</summary>
    /// <returns>The code that it closed with, 0 for none.</returns>
    private async Task<int> ReadAsync(WebSocket webSocket)
    {
        while (true)
        {
            // Waits for a message, or for the first part of one that is empty.
            ValueWebSocketReceiveResult received = await webSocket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return GetCloseCode(webSocket);
            }

            if (received.MessageType == WebSocketMessageType.Binary)
            {
                loop.Post(LoopInput.OfRefused(this, (int)WebSocketCloseStatus.InvalidMessageType, "text is spoken here"));
                await DiscardAsync(webSocket).ConfigureAwait(false);
                return GetCloseCode(webSocket);
            }

            TimeSpan wait = await ReadMessageAsync(webSocket, received).ConfigureAwait(false);
            if (wait > TimeSpan.Zero)
            {
                // Not for all of the time that it is ahead, but so that it gets further ahead: who had a lot to say at once is slowed down, and who
                // goes on like that is closed.
                TimeSpan pause = TimeSpan.FromSeconds(0.5) / options.Limits.MessagesPerSecond;
                await Task.Delay(wait < pause ? wait : pause, options.TimeProvider).ConfigureAwait(false);
            }
        }
    }

    private async Task<TimeSpan> ReadMessageAsync(WebSocket webSocket, ValueWebSocketReceiveResult received)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
        CancellationTokenSource? patience = null;
        try
        {
            int length = 0;
            while (!received.EndOfMessage)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }

                ValueTask<ValueWebSocketReceiveResult> next = webSocket.ReceiveAsync(buffer.AsMemory(length), patience?.Token ?? CancellationToken.None);
                received = await next.ConfigureAwait(false);
                length += received.Count;

                // Who begins a message and does not end it keeps a buffer.
                patience ??= received.EndOfMessage ? null : new CancellationTokenSource(options.CloseTimeout, options.TimeProvider);
            }

            ValueTask<TimeSpan> done = _turn.BeginAsync();
            if (!loop.Post(LoopInput.OfMessage(this, buffer, length)))
            {
                throw new OperationCanceledException();
            }

            return await done.ConfigureAwait(false);
        }
        finally
        {
            patience?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A page that closes its socket without a word gives no code: it leaves all the same.
    private static int GetCloseCode(WebSocket webSocket)
        => webSocket.CloseStatus is null or WebSocketCloseStatus.Empty ? SignalingCloseCode.Normal : (int)webSocket.CloseStatus;

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static async Task DiscardAsync(WebSocket webSocket)
    {
        byte[] discarded = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
        try
        {
            while ((await webSocket.ReceiveAsync(discarded.AsMemory(), CancellationToken.None).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(discarded);
        }
    }

    // The loop ends the connection when all of this has taken too long.
    private async Task EndAsync(WebSocket webSocket, FrameGuardStream guard, int code)
    {
        try
        {
            if (code != 0)
            {
                // RFC 6455 section 7.1.1: when both have said goodbye, it is the server that ends the connection.
                await AnswerCloseAsync(webSocket, code).ConfigureAwait(false);
            }
            else
            {
                // Closing a connection on which something is unread resets it, and the client never learns why.
                await guard.DiscardAsync().ConfigureAwait(false);
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // It is over.
        }

        lock (_gate)
        {
            (_isClosed, _queue, _context) = (true, null, null);
        }
    }

    private async Task AnswerCloseAsync(WebSocket webSocket, int code)
    {
        Task written = Task.CompletedTask;
        lock (_gate)
        {
            if (_closeCode == 0)
            {
                (_isClosed, _queue) = (true, null);
            }

            if (_isWriting && !_hasWrittenLast)
            {
                _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                written = _written.Task;
            }
        }

        await written.ConfigureAwait(false);
        if (webSocket.State == WebSocketState.CloseReceived)
        {
            await webSocket.CloseOutputAsync((WebSocketCloseStatus)code, "", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static bool IsEnd(Exception error)
        => error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
