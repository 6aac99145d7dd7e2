using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>
/// The bytes of a connection on their way to its WebSocket. When the frames are not acceptable it says so once, and from then on gives the WebSocket
/// nothing more: what still comes is thrown away until the client hangs up, so that it can read why.
/// </summary>
internal sealed class FrameGuardStream : Stream
{
    private readonly Stream _inner;
    private readonly FrameMeter _meter;
    private readonly MonotonicClock _clock;
    private readonly Action<FrameVerdict> _onRefused;
    private readonly Action _onDisposed;
    private bool _isRefused;

    /// <param name="inner">The connection; this stream's from now on.</param>
    /// <param name="maxMessageSize">The most bytes that a message may have.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="onRefused">Is told what was wrong, on the thread that reads.</param>
    /// <param name="onDisposed">Is told when the WebSocket lets the connection go, which by itself ends neither it nor a read.</param>
    public FrameGuardStream(Stream inner, int maxMessageSize, MonotonicClock clock, Action<FrameVerdict> onRefused, Action onDisposed)
    {
        _inner = inner;
        _meter = new FrameMeter(maxMessageSize, clock.Now);
        _clock = clock;
        _onRefused = onRefused;
        _onDisposed = onDisposed;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // An empty buffer waits for bytes without lending memory to the wait: it goes through as it is.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => buffer.IsEmpty && !_isRefused ? _inner.ReadAsync(buffer, cancellationToken) : ReadCountedAsync(buffer, cancellationToken);

    /// <summary>Throws away what comes until the client hangs up. Only when nobody else reads.</summary>
    public async Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        const int Size = 4096;
        byte[] discarded = ArrayPool<byte>.Shared.Rent(Size);
        try
        {
            while (await _inner.ReadAsync(discarded, cancellationToken).ConfigureAwait(false) != 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(discarded);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => _inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _onDisposed();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadCountedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_isRefused)
        {
            int count = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            FrameVerdict verdict = _meter.Read(buffer.Span[..count], _clock.Now);
            if (verdict == FrameVerdict.Fine)
            {
                return count;
            }

            _isRefused = true;
            _onRefused(verdict);
        }

        await DiscardAsync(cancellationToken).ConfigureAwait(false);
        return 0;
    }
}
