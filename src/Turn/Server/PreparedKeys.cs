using System;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The keys of the users who have asked lately, prepared from a user's second request on: a client asks many times, and preparing a key costs more
/// than a hash. For one loop.
/// </summary>
/// <remarks>
/// A name that nobody has is treated like any other, with the key that stands for it: what a request costs tells whether its name has been heard
/// lately, by whomever, and nothing else.
/// </remarks>
internal sealed class PreparedKeys : IDisposable
{
    // A power of two.
    private const int Places = 64;

    private readonly Place[] _places = new Place[Places];
    private readonly IntegrityKey _unprepared = new();

    /// <summary>The key to check a request with, and to protect its response with; valid until the next call.</summary>
    /// <param name="username">The name in the request.</param>
    /// <param name="index">Which key of that user: one that is missing has a place too, so that one who has it costs the same.</param>
    /// <param name="value">The key as its source has it now.</param>
    public IntegrityKey Get(ReadOnlySpan<byte> username, int index, ReadOnlySpan<byte> value)
    {
        HashCode hash = default;
        hash.AddBytes(username);
        hash.Add(index);
        int name = hash.ToHashCode();
        ref Place place = ref _places[name & (Places - 1)];
        if (place.Value is null || place.Name != name || !CryptographicOperations.FixedTimeEquals(place.Value.AsSpan(0, place.Length), value))
        {
            place.Prepared?.Dispose();
            place.Prepared = null;
            place.Value ??= new byte[ICredentialSource.MaxKeySize];
            value.CopyTo(place.Value);
            place.Length = value.Length;
            place.Name = name;
            _unprepared.SetKey(value);
            return _unprepared;
        }

        return place.Prepared ??= new IntegrityKey(value);
    }

    public void Dispose()
    {
        foreach (ref Place place in _places.AsSpan())
        {
            place.Prepared?.Dispose();
            CryptographicOperations.ZeroMemory(place.Value);
        }

        _unprepared.Dispose();
    }

    private struct Place
    {
        public int Name;
        public int Length;
        public byte[]? Value;
        public IntegrityKey? Prepared;
    }
}
