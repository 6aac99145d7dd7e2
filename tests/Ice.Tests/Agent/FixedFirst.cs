using System;
using System.Security.Cryptography;

namespace Stack.Ice.Tests;

/// <summary>Gives the same first eight bytes, which are an agent's tie-breaker, and leaves the rest to another source.</summary>
internal sealed class FixedFirst(RandomNumberGenerator rest) : RandomNumberGenerator
{
    private bool _used;

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        if (!_used)
        {
            _used = true;
            data.Fill(0x55);
            return;
        }

        rest.GetBytes(data);
    }
}
