using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Stack.Fuzz;

/// <summary>A fast generator (xoshiro256**) whose stream depends on nothing but a seed and an input's index, so that any input can be made again.</summary>
public sealed class FuzzRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the stream of one input.</summary>
    public void Restart(ulong seed, ulong index)
    {
        // Both are mixed: consecutive indices fed to splitmix directly would give streams that are shifts of each other.
        ulong state = Mix(seed ^ Mix(index ^ 0x9E37_79B9_7F4A_7C15));
        _s0 = Mix(state += 0x9E37_79B9_7F4A_7C15);
        _s1 = Mix(state += 0x9E37_79B9_7F4A_7C15);
        _s2 = Mix(state += 0x9E37_79B9_7F4A_7C15);
        _s3 = Mix(state + 0x9E37_79B9_7F4A_7C15) | 1;
    }

    /// <summary>64 uniform bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>0 to <paramref name="bound"/> - 1; 0 where the bound is below 1.</summary>
    public int Below(int bound) => bound < 1 ? 0 : (int)(((Next() >> 32) * (uint)bound) >> 32);

    /// <summary>True once in so many calls.</summary>
    public bool OneIn(int calls) => Below(calls) == 0;

    /// <summary>One of the values.</summary>
    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>Fills a span with uniform bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Next());
            bytes = bytes[8..];
        }

        if (bytes.Length > 0)
        {
            ulong rest = Next();
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)rest;
                rest >>= 8;
            }
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
