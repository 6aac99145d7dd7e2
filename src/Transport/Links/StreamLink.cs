using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A TCP connection to a server, with TLS or without (RFC 8489 section 6.2.2), on which there is nothing but STUN messages, and ChannelData where a
/// TURN session is carried.
/// </summary>
internal sealed class StreamLink : StunLink
{
    private const int SendQueueCapacity = 64;

    private readonly Stream _stream;
    private readonly StunStreamFramer _framer;
    private readonly Channel<(byte[] Bytes, int Length)> _outgoing = Channel.CreateBounded<(byte[] Bytes, int Length)>(SendQueueCapacity);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    private StreamLink(Stream stream, LinkOptions options)
    {
        _stream = stream;
        _framer = new StunStreamFramer(options.MaxFrameSize, options.HasChannels);
    }

    public static async Task<StreamLink> CreateAsync(
        IPEndPoint server, string host, StunTransport transport, LinkOptions options, CancellationToken cancellationToken)
    {
        (Stream stream, IPEndPoint local) = await ConnectAsync(server, host, transport, options, cancellationToken).ConfigureAwait(false);
        return new StreamLink(stream, options)
        {
            Server = server,
            Local = local,
            Transport = transport,
        };
    }

    /// <summary>Makes the connection alone.</summary>
    public static async Task<(Stream Stream, IPEndPoint Local)> ConnectAsync(
        IPEndPoint server, string host, StunTransport transport, LinkOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            if (options.Local is { } local)
            {
                socket.Bind(local);
            }

            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            var localEndPoint = (IPEndPoint)socket.LocalEndPoint!;
            stream = new NetworkStream(socket, ownsSocket: true);
            if (transport == StunTransport.Tls)
            {
                stream = await TlsAuthentication.RunAsync(stream, host, options, cancellationToken).ConfigureAwait(false);
            }

            return (stream, localEndPoint);
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

    public override void Start(ILinkSink sink) => _loops = Task.WhenAll(ReceiveAsync(sink), SendAllAsync(sink));

    public override bool Send(ReadOnlySpan<byte> message)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(bytes);
        if (_outgoing.Writer.TryWrite((bytes, message.Length)))
        {
            return true;
        }

        ArrayPool<byte>.Shared.Return(bytes);
        return false;
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // Where the connection has ended there is nobody to wait for; the receive loop says so.
        while (!Send(message.Span) && await _outgoing.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static bool IsEndOfConnection(Exception error)
        => error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private async Task SendAllAsync(ILinkSink sink)
    {
        try
        {
            await foreach ((byte[] bytes, int length) in _outgoing.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _stream.WriteAsync(bytes.AsMemory(0, length), _stopping.Token).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        catch (Exception error) when (IsEndOfConnection(error))
        {
            _outgoing.Writer.TryComplete();
            sink.HandleConnectionLost();
        }
    }

    private async Task ReceiveAsync(ILinkSink sink)
    {
        PipeReader reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                bool inStep = TakeFrames(ref rest, sink);
                reader.AdvanceTo(rest.Start, rest.End);
                if (!inStep || result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception error) when (IsEndOfConnection(error))
        {
            // Reported below, as an orderly end is.
        }

        _outgoing.Writer.TryComplete();
        sink.HandleConnectionLost();
        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private bool TakeFrames(ref ReadOnlySequence<byte> buffer, ILinkSink sink)
    {
        while (true)
        {
            switch (_framer.Read(buffer, out ReadOnlySequence<byte> frame, out int consumed, out _))
            {
                case StunFrameStatus.Frame when frame.IsSingleSegment:
                    sink.HandleDatagram(frame.FirstSpan);
                    buffer = buffer.Slice(consumed);
                    break;
                case StunFrameStatus.Frame:
                    Assemble(frame, sink);
                    buffer = buffer.Slice(consumed);
                    break;
                case StunFrameStatus.NeedMore:
                    return true;
                default:
                    return false;
            }
        }
    }

    private static void Assemble(in ReadOnlySequence<byte> frame, ILinkSink sink)
    {
        int length = (int)frame.Length;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(bytes);
        sink.HandleDatagram(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
