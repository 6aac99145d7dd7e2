using System;
using System.IO;
using System.Text;

namespace Stack.Cli;

/// <summary>Hands whole lines of UTF-8, one or more a write, to the terminal, so that log and progress do not get into each other.</summary>
internal sealed class ProgressStream(Action<string> writeLine) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        string text = Encoding.UTF8.GetString(buffer);
        writeLine(text.EndsWith('\n') ? text[..^1] : text);
    }
}
