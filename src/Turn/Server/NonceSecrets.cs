using System;

namespace Stack.Turn;

/// <summary>What nonces are made with. Does not change, so that loops share it.</summary>
internal sealed class NonceSecrets
{
    /// <summary>The size of a secret, in bytes.</summary>
    public const int Size = 32;

    private readonly byte[] _current;
    private readonly byte[] _previous;

    /// <summary>Copies the secrets.</summary>
    /// <param name="current">32 bytes.</param>
    /// <param name="previous">What nonces that are still valid were made with; empty for none.</param>
    /// <param name="startedAt">The wall-clock time at the origin of the loops' clock.</param>
    /// <param name="lifetime">How long a nonce is valid.</param>
    public NonceSecrets(ReadOnlySpan<byte> current, ReadOnlySpan<byte> previous, DateTimeOffset startedAt, TimeSpan lifetime)
    {
        if (current.Length != Size)
        {
            throw new ArgumentException("The nonce key has 32 bytes.", nameof(current));
        }

        _current = current.ToArray();
        _previous = previous.ToArray();
        StartedAt = startedAt;
        Lifetime = lifetime;
    }

    public ReadOnlySpan<byte> Current => _current;

    public ReadOnlySpan<byte> Previous => _previous;

    public DateTimeOffset StartedAt { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>The same secrets with another lifetime.</summary>
    public NonceSecrets WithLifetime(TimeSpan lifetime) => new(_current, _previous, StartedAt, lifetime);

    /// <summary>Another secret, this one's as the one before.</summary>
    public NonceSecrets Change(ReadOnlySpan<byte> current) => new(current, _current, StartedAt, Lifetime);
}
