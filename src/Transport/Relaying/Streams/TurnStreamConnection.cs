using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// One TCP or TLS connection of a client: frames are cut out of the stream and handed to the loop that it belongs to, one batch at a time; what
/// the loop has for it waits in <see cref="Queue"/>.
/// </summary>
internal sealed class TurnStreamConnection : IDisposable
{
    private readonly TurnStreamService _service;
    private readonly CancellationTokenSource _ending;
    private readonly FrameBatch _batch;
    private readonly long _start;
    private RelayShard? _shard;
    private string? _reason;

    public TurnStreamConnection(TurnStreamService service, TransportAddress remote, CancellationToken stopping)
    {
        _service = service;
        Remote = remote;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _batch = new FrameBatch(this);
        _start = service.TimeProvider.GetTimestamp();
        Queue = new SendQueue(service.Limits.SendQueueSize);
        Times = new ConnectionTimes(service.TimeProvider, service.Limits.StallTimeout, End);
    }

    public TransportAddress Remote { get; }

    /// <summary>How the client's messages come; known once the transport is.</summary>
    public FiveTuple Path { get; set; }

    public SendQueue Queue { get; }

    public ConnectionTimes Times { get; }

    public CancellationToken Ending => _ending.Token;

    /// <summary>Why the connection was ended; null where it ended by itself.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Whether the server has accepted a TURN request. Written by the loop while it has a batch, read when it has none.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>The peer's connection that this one is joined to. Written by the loop while it has a batch.</summary>
    public PeerConnection? Joined { get; set; }

    /// <summary>Ends the connection at once; from any thread, may be repeated.</summary>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        try
        {
            _ = _ending.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Queues a message of the server's own. One who does not read even these is gone.</summary>
    public void Reply(ReadOnlySpan<byte> message)
    {
        if (!Queue.TryEnqueue(message))
        {
            End("slow-reader");
        }
    }

    /// <summary>Handles one frame, on the thread of the loop.</summary>
    public BatchOutcome Handle(RelayShard shard, ReadOnlySpan<byte> frame)
    {
        if (_shard is null)
        {
            _shard = shard;
            shard.Clients.Add(this);
        }

        // Copied: what is relayed is sent after the frame has gone back to its reader.
        DepartureBuffer buffers = shard.Buffers;
        int at = buffers.Next;
        int replyAt = at + frame.Length;
        frame.CopyTo(buffers.GetRoom(at));
        TurnServerStep step = shard.Handle(buffers.Outbound.Slice(at, frame.Length), Path, replyAt, shard.Now);
        if (!IsAuthenticated && IsAccepted(step.Disposition, frame))
        {
            // Before the answer, with which the client may count on it.
            IsAuthenticated = true;
            _service.LeaveUnauthenticated(Remote);
            Times.ExpectWithin(_service.Limits.IdleTimeout);
        }

        switch (step.Action)
        {
            case TurnServerAction.Reply:
                Reply(buffers.Outbound.Slice(replyAt, step.Reply.Length));
                break;
            case TurnServerAction.Forward:
                // No byte of the IP header stands for one message in a stream (RFC 8656 section 15).
                shard.Relays.Send(step.Forward, buffers.Outbound, at, trafficClass: 0);
                buffers.Keep(frame.Length);
                break;
        }

        shard.Pump();
        if (Joined is not null)
        {
            return BatchOutcome.Joined;
        }

        // What is a message but makes no sense is dropped; what is none brings the stream out of step.
        return step.Disposition == TurnServerDisposition.Malformed && frame[0] < 0x40 && StunMessage.Decode(frame, out _) != StunDecodeStatus.Ok
            ? BatchOutcome.Malformed
            : BatchOutcome.Continue;
    }

    /// <summary>Serves the connection to its end.</summary>
    /// <returns>What became of it.</returns>
    public async Task<string> RunAsync(StreamEnds ends)
    {
        Task writing = WriteAsync(ends.Stream);
        try
        {
            string outcome = await ReadAsync(ends, writing).ConfigureAwait(false);
            if (outcome == "closed")
            {
                Queue.Complete();
                await writing.ConfigureAwait(false);
            }

            return outcome;
        }
        finally
        {
            Queue.Complete();
            End("reset");
            await writing.ConfigureAwait(false);

            // Told while the socket is still open: afterwards another connection could have the same 5-tuple.
            _shard?.Post(new ShardCall(Leave));
        }
    }

    public void Dispose()
    {
        Times.Dispose();
        Queue.Dispose();
        _ending.Dispose();
    }

    private static bool IsAccepted(TurnServerDisposition disposition, ReadOnlySpan<byte> frame) => disposition switch
    {
        TurnServerDisposition.Relayed or TurnServerDisposition.Pending => true,
        TurnServerDisposition.Answered => GetMethod(frame) != StunMethod.Binding,
        _ => false,
    };

    private static StunMethod GetMethod(ReadOnlySpan<byte> frame)
        => StunMessageType.FromValue(BinaryPrimitives.ReadUInt16BigEndian(frame)).Method;

    private static bool IsConnectionBind(in ReadOnlySequence<byte> frame)
    {
        Span<byte> type = stackalloc byte[2];
        frame.Slice(0, 2).CopyTo(type);
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(type);
        return value < 0x4000
            && StunMessageType.FromValue(value) is { Method: StunMethod.ConnectionBind, Class: StunClass.Request };
    }

    private async Task<string> ReadAsync(StreamEnds ends, Task writing)
    {
        // The buffer grows with the bytes that have arrived, never with the length that a header promises.
        PipeReader reader = Open(ends.Stream, 512);
        bool isLarge = false;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(Ending).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                StunFrameStatus status = Cut(ref rest);
                if (!_batch.IsEmpty)
                {
                    BatchOutcome outcome = await RunBatchAsync().ConfigureAwait(false);
                    reader.AdvanceTo(rest.Start);
                    switch (outcome)
                    {
                        case BatchOutcome.Joined:
                            await JoinAsync(reader, ends, writing).ConfigureAwait(false);
                            return "closed";
                        case BatchOutcome.Malformed:
                            return "not-stun";
                        case BatchOutcome.Abandoned:
                            return "stopped";
                    }

                    // Only now can a stranger's small buffer be exchanged: nothing is in it.
                    if (IsAuthenticated && !isLarge && rest.IsEmpty && !result.IsCompleted)
                    {
                        isLarge = true;
                        await reader.CompleteAsync().ConfigureAwait(false);
                        reader = Open(ends.Stream, 16 * 1024);
                    }

                    continue;
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (status != StunFrameStatus.NeedMore)
                {
                    return status == StunFrameStatus.TooLarge ? "too-large" : "not-stun";
                }

                if (result.IsCompleted)
                {
                    return "closed";
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static PipeReader Open(Stream stream, int bufferSize)
        => PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: bufferSize, minimumReadSize: bufferSize / 8, leaveOpen: true));

    // Behind a ConnectionBind there may be bytes without frames, so it ends a batch.
    private StunFrameStatus Cut(ref ReadOnlySequence<byte> rest)
    {
        var framer = new StunStreamFramer(
            IsAuthenticated ? StunMessage.MaxSize : _service.Limits.MaxUnauthenticatedMessageSize,
            allowChannelData: true,
            _service.AcceptsRfc5766Channels);
        while (true)
        {
            StunFrameStatus status = framer.Read(rest, out ReadOnlySequence<byte> frame, out int consumed, out _);
            if (status != StunFrameStatus.Frame)
            {
                return status;
            }

            _batch.Add(frame);
            rest = rest.Slice(consumed);
            if (IsConnectionBind(frame))
            {
                return status;
            }
        }
    }

    private async ValueTask<BatchOutcome> RunBatchAsync()
    {
        RelayShard shard = _shard ?? _service.Choose(_batch.First);
        bool isFirst = _shard is null;
        BatchOutcome outcome = await _batch.RunAsync(shard).ConfigureAwait(false);
        if (IsAuthenticated)
        {
            Times.ExpectWithin(_service.Limits.IdleTimeout);
        }
        else if (!_service.HasCredentials)
        {
            Times.ExpectWithin(_service.Limits.AuthenticationTimeout);
        }
        else if (isFirst)
        {
            TimeSpan left = _service.Limits.AuthenticationTimeout - _service.TimeProvider.GetElapsedTime(_start);
            Times.ExpectWithin(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return outcome;
    }

    private async Task JoinAsync(PipeReader reader, StreamEnds ends, Task writing)
    {
        // The reply goes first, then bytes without frames (RFC 6062 section 5.4).
        Queue.Complete();
        await writing.ConfigureAwait(false);
        Times.ExpectWithin(Timeout.InfiniteTimeSpan);
        PeerConnection peer = Joined!;
        try
        {
            await new RawPump(this, reader, ends, peer, _shard!.Counters, _service.Limits.StallTimeout).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _shard!.Post(new ShardCall(shard => shard.Peers.End(peer), peer.Dispose));
        }
    }

    private async Task WriteAsync(Stream stream)
    {
        try
        {
            await Queue.RunAsync(stream, Times.SetWaiting, Ending).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End("reset");
        }
    }

    private void Leave(RelayShard shard)
    {
        shard.Clients.Remove(this);
        shard.Server.HandleClientClosed(Path, shard.Now);
        shard.Pump();
    }
}
