using System;
using System.Security.Cryptography;

namespace Stack.Turn.Tests;

/// <summary>Randomness that counts from 0, one up with every draw, so that ports and tokens in tests are plain numbers.</summary>
internal sealed class CountingRandom : RandomNumberGenerator
{
    private uint _count;

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        data.Clear();
        uint rest = _count++;
        for (int i = data.Length - 1; i >= 0 && rest != 0; i--)
        {
            data[i] = (byte)(rest & 0xFF);
            rest >>= 8;
        }
    }
}
