using System;

namespace Stack.Simulation;

/// <summary>The bytes of a stream that were not acknowledged yet, sent or not.</summary>
internal sealed class SendBuffer
{
    private byte[] _bytes = [];
    private int _start;

    public int Count { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_start + Count + bytes.Length > _bytes.Length)
        {
            byte[] next = Count + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(2048, (Count + bytes.Length) * 2)];
            _bytes.AsSpan(_start, Count).CopyTo(next);
            _bytes = next;
            _start = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    public ReadOnlySpan<byte> Slice(int offset, int length) => _bytes.AsSpan(_start + offset, length);

    public void Remove(int count)
    {
        _start += count;
        Count -= count;
        _start = Count == 0 ? 0 : _start;
    }
}
