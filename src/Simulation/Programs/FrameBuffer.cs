using System;
using System.Buffers;

namespace Stack.Simulation;

/// <summary>The bytes of a stream that make no whole frame yet.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[2048];
    private int _start;
    private int _end;

    public ReadOnlySequence<byte> Unread => new(_bytes, _start, _end - _start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length)
        {
            int unread = _end - _start;
            byte[] next = unread + bytes.Length <= _bytes.Length ? _bytes : new byte[(unread + bytes.Length) * 2];
            _bytes.AsSpan(_start, unread).CopyTo(next);
            _bytes = next;
            (_start, _end) = (0, unread);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }
}
