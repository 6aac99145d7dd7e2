using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Stack.Simulation;

/// <summary>
/// Randomness that repeats itself for a seed, on every machine: xoshiro256**. It is a <see cref="RandomNumberGenerator"/>, so that agents and
/// servers draw their keys and transaction ids from the seed too. Predictable on purpose; never for anything outside a simulation.
/// </summary>
public sealed class SimulationRandom : RandomNumberGenerator
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts from a seed; every seed is as good as any other.</summary>
    /// <param name="seed">The seed.</param>
    public SimulationRandom(ulong seed)
    {
        _s0 = Mix(ref seed);
        _s1 = Mix(ref seed);
        _s2 = Mix(ref seed);
        _s3 = Mix(ref seed);
    }

    /// <summary>A generator of its own, so that what one part of a simulation draws does not move what another part gets.</summary>
    public SimulationRandom Fork() => new(NextUInt64());

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        unchecked
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
    }

    /// <summary>A number from 0 to <paramref name="below"/> - 1.</summary>
    /// <param name="below">At least 1.</param>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)Math.BigMul(NextUInt64(), (ulong)below, out _);
    }

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a probability; draws nothing where it is 0 or less.</summary>
    /// <param name="probability">0 to 1.</param>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>A duration between two, both included; draws nothing where they are equal.</summary>
    /// <param name="least">The shortest.</param>
    /// <param name="most">The longest.</param>
    public TimeSpan Between(TimeSpan least, TimeSpan most)
        => least == most ? least : least + TimeSpan.FromTicks((long)((most - least).Ticks * NextDouble()));

    /// <inheritdoc/>
    public override void GetBytes(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        GetBytes(data.AsSpan());
    }

    /// <inheritdoc/>
    public override void GetBytes(Span<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data, NextUInt64());
            data = data[sizeof(ulong)..];
        }

        if (!data.IsEmpty)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
            last[..data.Length].CopyTo(data);
        }
    }

    // SplitMix64: what xoshiro is to be seeded with.
    private static ulong Mix(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
