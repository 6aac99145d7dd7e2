using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace Stack.Fuzz.Model;

/// <summary>Randomness that repeats itself for a seed (SplitMix64), for the driver's choices and the server's alike.</summary>
internal sealed class ModelRandom(ulong seed) : RandomNumberGenerator
{
    private ulong _state = Mix(seed);

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        ulong word = 0;
        for (int i = 0; i < data.Length; i++)
        {
            word = i % 8 == 0 ? Next() : word >> 8;
            data[i] = (byte)word;
        }
    }

    public ulong Next() => Mix(_state += 0x9E37_79B9_7F4A_7C15);

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (uint)bound >> 32);

    public bool OneIn(int calls) => Below(calls) == 0;

    public T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
