using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli.Tests;

/// <summary>Keeps what is written, fails while it is told to, and lets a test wait for lines or hold them back.</summary>
internal sealed class RecordingStream : Stream
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiters = [];
    private int _failures;

    /// <summary>Whether writes fail.</summary>
    public volatile bool IsFailing;

    /// <summary>Writes wait for this; null for not at all.</summary>
    public TaskCompletionSource? Held { get; set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task WaitForLinesAsync(int count) => WaitAsync(() => _text.ToString().Split('\n').Length > count);

    public Task WaitForFailuresAsync(int count) => WaitAsync(() => _failures >= count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Held is { } held)
        {
            await held.Task;
        }

        bool isFailing = IsFailing;
        lock (_gate)
        {
            if (isFailing)
            {
                _failures++;
                _text.Append("half");
            }
            else
            {
                _text.Append(Encoding.UTF8.GetString(buffer.Span));
            }

            foreach ((Func<bool> isReached, TaskCompletionSource reached) in _waiters)
            {
                if (isReached())
                {
                    reached.TrySetResult();
                }
            }
        }

        if (isFailing)
        {
            throw new IOException("No space left on device");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private Task WaitAsync(Func<bool> isReached)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (isReached())
            {
                reached.SetResult();
            }
            else
            {
                _waiters.Add((isReached, reached));
            }

            return reached.Task;
        }
    }
}
