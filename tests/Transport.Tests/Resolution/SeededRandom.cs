using System;
using System.Security.Cryptography;

namespace Stack.Transport.Tests;

/// <summary>Repeatable randomness for tests; safe for concurrent use.</summary>
internal sealed class SeededRandom(int seed) : RandomNumberGenerator
{
    private readonly Random _random = new(seed);

    public override void GetBytes(byte[] data)
    {
        lock (_random)
        {
            _random.NextBytes(data);
        }
    }

    public override void GetBytes(Span<byte> data)
    {
        lock (_random)
        {
            _random.NextBytes(data);
        }
    }

    public int Next(int below) => _random.Next(below);
}
