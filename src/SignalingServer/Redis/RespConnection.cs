using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Signaling.Server;

/// <summary>
/// One connection to a store: commands go out in a row and answers come back in their order, and in between what channels say. It is used until it
/// breaks; then there is another one.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private const int MaxPending = 65_536;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Action<RespValue> _onPush;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<RespValue>> _pending = new();
    private ArrayBufferWriter<byte> _next = new();
    private ArrayBufferWriter<byte> _flushed = new();
    private bool _isFlushing;
    private bool _isBroken;

    private RespConnection(Socket socket, Stream stream, Action<RespValue> onPush)
    {
        _socket = socket;
        _stream = stream;
        _onPush = onPush;
        Ended = ReadAsync();
    }

    /// <summary>Ends, without an error, when the connection has.</summary>
    public Task Ended { get; }

    /// <summary>Connects and signs in.</summary>
    /// <param name="where">The store.</param>
    /// <param name="onPush">Is told what channels say, in its order, on the thread that reads.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">The store refused; the message says how.</exception>
    public static async Task<RespConnection> ConnectAsync(RedisEndPoint where, Action<RespValue> onPush, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(where.Host, where.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (where.UsesTls)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = where.Host }, cancellationToken).ConfigureAwait(false);
            }

            var connection = new RespConnection(socket, stream, onPush);
            await connection.SignInAsync(where).WaitAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command.</summary>
    /// <param name="parts">Its name and arguments.</param>
    /// <returns>The answer, which may be an error.</returns>
    /// <exception cref="IOException">The connection broke; whether the command was carried out is not known.</exception>
    public Task<RespValue> CallAsync(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var answer = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isBroken || _pending.Count == MaxPending)
            {
                return Task.FromException<RespValue>(NewBroken());
            }

            RespWriter.Write(_next, parts);
            _pending.Enqueue(answer);
            if (_isFlushing)
            {
                return answer.Task;
            }

            _isFlushing = true;
        }

        _ = FlushAsync();
        return answer.Task;
    }

    /// <summary>Sends a command whose answer is no error.</summary>
    /// <param name="parts">Its name and arguments.</param>
    /// <exception cref="IOException">The connection broke, or the answer was an error, which the message tells.</exception>
    public async Task<RespValue> DemandAsync(params ReadOnlyMemory<byte>[] parts)
    {
        RespValue answer = await CallAsync(parts).ConfigureAwait(false);
        return answer.Kind == RespKind.Error ? throw new IOException($"The store refused: {answer.Text}") : answer;
    }

    /// <summary>Breaks the connection.</summary>
    public void Abort()
    {
        // A stream over TLS says goodbye first, which may take for ever.
        _socket.Dispose();
        Break();
    }

    public async ValueTask DisposeAsync()
    {
        Abort();
        await Ended.ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private static IOException NewBroken() => new("The connection to the store broke.");

    private async Task SignInAsync(RedisEndPoint where)
    {
        ReadOnlyMemory<byte>[] hello = where.Password is null
            ? [RespWriter.Part("HELLO"), RespWriter.Part("3")]
            : [RespWriter.Part("HELLO"), RespWriter.Part("3"), RespWriter.Part("AUTH"), RespWriter.Part(where.User ?? "default"), RespWriter.Part(where.Password)];
        await DemandAsync(hello).ConfigureAwait(false);
    }

    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_next.WrittenCount == 0 || _isBroken)
                    {
                        _isFlushing = false;
                        return;
                    }

                    (_next, _flushed) = (_flushed, _next);
                }

                await _stream.WriteAsync(_flushed.WrittenMemory).ConfigureAwait(false);
                _flushed.ResetWrittenCount();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort();
        }
    }

    private async Task ReadAsync()
    {
        // What the constructor sets must be there before the first answer.
        await Task.Yield();
        PipeReader reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync().ConfigureAwait(false);
                bool isProtocol = Take(read.Buffer, out SequencePosition consumed);
                reader.AdvanceTo(consumed, read.Buffer.End);
                if (!isProtocol || read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is over, for whatever reason.
        }

        await reader.CompleteAsync().ConfigureAwait(false);
        Abort();
    }

    private bool Take(ReadOnlySequence<byte> bytes, out SequencePosition consumed)
    {
        consumed = bytes.Start;
        while (true)
        {
            RespReadStatus status = RespReader.TryRead(bytes.Slice(consumed), out RespValue value, out consumed);
            if (status != RespReadStatus.Read)
            {
                return status == RespReadStatus.Incomplete;
            }

            if (!Take(value))
            {
                return false;
            }
        }
    }

    private bool Take(RespValue value)
    {
        TaskCompletionSource<RespValue>? answer = null;
        if (value.Kind == RespKind.Push)
        {
            // Subscribing is answered by a push: whoever called is told as well.
            bool isConfirmation = value.Items.Count != 0 && value.Items[0].Text is ("subscribe" or "unsubscribe");
            if (!isConfirmation)
            {
                _onPush(value);
                return true;
            }
        }

        lock (_gate)
        {
            if (!_pending.TryDequeue(out answer))
            {
                return false;
            }
        }

        answer.TrySetResult(value);
        return true;
    }

    private void Break()
    {
        List<TaskCompletionSource<RespValue>> lost;
        lock (_gate)
        {
            _isBroken = true;
            lost = [.. _pending];
            _pending.Clear();
        }

        lost.ForEach(static answer => answer.TrySetException(NewBroken()));
    }
}
