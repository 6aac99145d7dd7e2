using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// What waits to be written to one connection, up to a bound. Messages are put in from the thread of a loop, which never waits; one writer
/// takes out all that there is at once. Holds no memory while it is empty.
/// </summary>
/// <param name="bound">The bytes that may wait.</param>
internal sealed class SendQueue(int bound) : IDisposable
{
    // A piece that does not go out within the stall time ends the connection, so pieces are small.
    private const int MaxPiece = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0);
    private byte[] _pending = [];
    private int _pendingLength;
    private int _inFlight;
    private bool _waits;
    private bool _completed;

    /// <summary>Puts a message in; false where it does not fit, or nothing goes out any more.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> message)
    {
        bool wake;
        lock (_gate)
        {
            int size = _pendingLength + message.Length;
            if (_completed || size + _inFlight > bound)
            {
                return false;
            }

            if (size > _pending.Length)
            {
                Grow(size);
            }

            message.CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength = size;
            wake = _waits;
            _waits = false;
        }

        if (wake)
        {
            _filled.Release();
        }

        return true;
    }

    /// <summary>Takes no more: <see cref="RunAsync"/> ends once all is written.</summary>
    public void Complete()
    {
        bool wake;
        lock (_gate)
        {
            _completed = true;
            wake = _waits;
            _waits = false;
        }

        if (wake)
        {
            _filled.Release();
        }
    }

    /// <summary>Writes what is put in until <see cref="Complete"/>.</summary>
    /// <param name="stream">
    /// Where to. Over TLS each message is a write, and so a record, of its own: clients are about that take a record for one message
    /// (turnutils_uclient of coturn 4.6 loses the others).
    /// </param>
    /// <param name="waits">Called with true when a piece does not go out at once, and with false when it has.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task RunAsync(Stream stream, Action<bool> waits, CancellationToken cancellationToken)
    {
        bool writesEach = stream is SslStream;
        while (true)
        {
            (byte[] bytes, int length) = Take();
            if (length < 0)
            {
                return;
            }

            if (length == 0)
            {
                await _filled.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                int message = 0;
                for (int offset = 0, piece; offset < length; offset += piece)
                {
                    message = message > offset ? message : writesEach ? offset + GetMessageSize(bytes.AsSpan(offset)) : length;
                    piece = Math.Min(MaxPiece, message - offset);
                    await WriteAsync(stream, bytes.AsMemory(offset, piece), waits, cancellationToken).ConfigureAwait(false);
                    lock (_gate)
                    {
                        _inFlight -= piece;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }

    /// <summary>Only when it is complete and the writer has ended; what is put in afterwards is refused.</summary>
    public void Dispose() => _filled.Dispose();

    // What is in the queue was framed by the server itself.
    private static int GetMessageSize(ReadOnlySpan<byte> message)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        return message[0] < 0x40 ? StunMessage.HeaderSize + length : ChannelData.GetPaddedSize(length);
    }

    private static async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> piece, Action<bool> waits, CancellationToken cancellationToken)
    {
        ValueTask writing = stream.WriteAsync(piece, cancellationToken);
        if (writing.IsCompletedSuccessfully)
        {
            return;
        }

        waits(true);
        try
        {
            await writing.ConfigureAwait(false);
        }
        finally
        {
            waits(false);
        }
    }

    // A negative length is the end.
    private (byte[] Bytes, int Length) Take()
    {
        lock (_gate)
        {
            if (_pendingLength == 0)
            {
                _waits = !_completed;
                return ([], _completed ? -1 : 0);
            }

            (byte[] bytes, int length) = (_pending, _pendingLength);
            _inFlight = length;
            _pending = [];
            _pendingLength = 0;
            return (bytes, length);
        }
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, 2 * _pendingLength));
        _pending.AsSpan(0, _pendingLength).CopyTo(larger);
        if (_pending.Length != 0)
        {
            ArrayPool<byte>.Shared.Return(_pending);
        }

        _pending = larger;
    }
}
