using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary>
/// Where log lines go: a queue of fixed size, and a loop of its own that writes. Whoever logs never waits: what does not fit, or cannot be
/// written because the disk is full or the reader has gone, is dropped and counted. Safe for concurrent use.
/// </summary>
internal sealed class LogSink : IAsyncDisposable
{
    private const int QueueLength = 1024;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _queue = Channel.CreateBounded<string>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Func<Stream> _open;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private Stream? _stream;
    private bool _isBroken;
    private int _mustReopen;
    private long _dropped;

    /// <summary>Opens the stream and starts the loop.</summary>
    /// <param name="open">Opens the stream, which is the sink's then. Called again for <see cref="Reopen"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">It cannot be opened; or what else <paramref name="open"/> throws.</exception>
    public LogSink(Func<Stream> open, TimeProvider time)
    {
        _open = open;
        _time = time;
        _stream = open();
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Lines lost until now.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>A file that lines are added to; only its owner can read it.</summary>
    /// <param name="path">The path.</param>
    public static Stream OpenFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Takes a line without its end; returns at once.</summary>
    /// <param name="line">The line.</param>
    public void Write(string line)
    {
        if (!_queue.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Closes the stream and opens it anew before the next line, for whoever has moved the file away.</summary>
    public void Reopen() => Interlocked.Exchange(ref _mustReopen, 1);

    /// <summary>Writes what is queued, for 2 s at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        using var end = new CancellationTokenSource();
        Task late = Task.Delay(LongestEnd, _time, end.Token);

        // A stream that is stuck is left to the end of the process: closing it could wait for ever too.
        if (await Task.WhenAny(_writing, late).ConfigureAwait(false) == _writing)
        {
            await end.CancelAsync().ConfigureAwait(false);
            Close();
        }
    }

    private async Task WriteAllAsync()
    {
        await foreach (string line in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                if (Interlocked.Exchange(ref _mustReopen, 0) != 0)
                {
                    Close();
                }

                _stream ??= _open();

                // What was written before a failure may lack its end.
                byte[] bytes = Encoding.UTF8.GetBytes(_isBroken ? "\n" + line + "\n" : line + "\n");
                await _stream.WriteAsync(bytes).ConfigureAwait(false);
                await _stream.FlushAsync().ConfigureAwait(false);
                _isBroken = false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
            {
                _isBroken = _stream is not null;
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    private void Close()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // What it still held is lost, as the line was.
        }

        _stream = null;
        _isBroken = false;
    }
}
