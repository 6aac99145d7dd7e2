using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Turn;

/// <summary>
/// HMAC-SHA256 with a key that is derived from a secret for each period, and stays prepared for the period that was asked for last: every
/// request of a client costs one, and preparing costs more than the hash. For one loop.
/// </summary>
internal sealed class NonceTag(ReadOnlySpan<byte> secret) : IDisposable
{
    private readonly byte[] _secret = secret.ToArray();
    private IncrementalHash? _prepared;
    private long _period;

    /// <summary>The first 64 bits.</summary>
    public ulong Compute(long period, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        IncrementalHash prepared = Prepare(period);
        prepared.AppendData(content);
        prepared.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    public void Dispose()
    {
        _prepared?.Dispose();
        _prepared = null;
        CryptographicOperations.ZeroMemory(_secret);
    }

    private IncrementalHash Prepare(long period)
    {
        if (_prepared is not null && _period == period)
        {
            return _prepared;
        }

        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(text, period);
        HMACSHA256.HashData(_secret, text, key);
        _prepared?.Dispose();
        _prepared = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        _period = period;
        CryptographicOperations.ZeroMemory(key);
        return _prepared;
    }
}
