using System;
using System.Security.Cryptography;

namespace Stack.TestKit;

/// <summary>A source of randomness that repeats itself for a seed: SplitMix64. For tests that must come out the same every time.</summary>
public sealed class SeededRandom(ulong seed) : RandomNumberGenerator
{
    private ulong _state = seed;

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        ulong word = 0;
        for (int i = 0; i < data.Length; i++)
        {
            if (i % 8 == 0)
            {
                word = NextUInt64();
            }

            data[i] = (byte)(word & 0xFF);
            word >>= 8;
        }
    }

    public ulong NextUInt64()
    {
        unchecked
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)(NextUInt64() % (ulong)below);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * NextDouble());
}
