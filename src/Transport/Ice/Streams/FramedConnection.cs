using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A TCP connection between peers: packets behind 16 bits of length (RFC 4571). What a slow peer does not take is dropped, as on a datagram path.</summary>
internal sealed class FramedConnection : IAsyncDisposable
{
    private const int SendQueueCapacity = 64;

    private readonly NetworkStream _stream;
    private readonly PacketFramer _framer = new(PacketFramer.MaxPacketSize);
    private readonly Channel<(byte[] Bytes, int Length)> _outgoing = Channel.CreateBounded<(byte[] Bytes, int Length)>(SendQueueCapacity);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PipeReader _reader;
    private Task _sending = Task.CompletedTask;
    private int _disposed;

    public FramedConnection(Socket socket, TransportAddress remote)
    {
        socket.NoDelay = true;
        Remote = remote;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>Takes a packet; false ends the connection.</summary>
    public delegate bool Receiver(ReadOnlySpan<byte> packet);

    public TransportAddress Remote { get; }

    /// <summary>Sends or drops.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        int length = PacketFramer.HeaderSize + packet.Length;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        PacketFramer.Write(packet, bytes);
        if (!_outgoing.Writer.TryWrite((bytes, length)))
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Begins to send what is queued; once.</summary>
    public void Start() => _sending = Task.Run(SendAllAsync);

    /// <summary>Reads packets until the end, the first one within a time.</summary>
    /// <param name="receiver">Takes them.</param>
    /// <param name="patience">The time that the first packet may take; null for any.</param>
    /// <param name="timeProvider">Measures it.</param>
    public async Task ReceiveAsync(Receiver receiver, TimeSpan? patience, TimeProvider timeProvider)
    {
        using var first = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(first.Token, _stopping.Token);
        try
        {
            bool isFirst = true;
            while (true)
            {
                ReadResult result = await _reader.ReadAsync(isFirst ? either.Token : _stopping.Token).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                bool goesOn = Take(ref rest, receiver, ref isFirst);
                _reader.AdvanceTo(rest.Start, rest.End);
                if (!goesOn || result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the connection, orderly or not.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _outgoing.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
    }

    private bool Take(ref ReadOnlySequence<byte> buffer, Receiver receiver, ref bool isFirst)
    {
        while (_framer.Read(buffer, out ReadOnlySequence<byte> packet, out int consumed, out _) == StunFrameStatus.Frame)
        {
            bool goesOn = packet.IsSingleSegment ? receiver(packet.FirstSpan) : Assemble(packet, receiver);
            buffer = buffer.Slice(consumed);
            isFirst = false;
            if (!goesOn)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Assemble(in ReadOnlySequence<byte> packet, Receiver receiver)
    {
        int length = (int)packet.Length;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        packet.CopyTo(bytes);
        bool goesOn = receiver(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        return goesOn;
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach ((byte[] bytes, int length) in _outgoing.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _stream.WriteAsync(bytes.AsMemory(0, length), _stopping.Token).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reading side says so.
        }
    }
}
