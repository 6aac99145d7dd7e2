using System;

namespace Stack.Fuzz.Model;

/// <summary>Reads a script byte by byte; behind its end there is nothing but zeros.</summary>
internal sealed class ScriptReader(byte[] script)
{
    private int _at;

    public bool IsAtEnd => _at >= script.Length;

    public int Byte() => _at < script.Length ? script[_at++] : 0;

    public int Word() => (Byte() << 8) | Byte();

    /// <summary>At most so many of the bytes that follow.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        int start = Math.Min(_at, script.Length);
        int taken = Math.Min(count, script.Length - start);
        _at = start + taken;
        return script.AsSpan(start, taken);
    }
}
