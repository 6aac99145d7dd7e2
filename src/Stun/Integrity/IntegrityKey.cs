using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Stun;

/// <summary>
/// The HMAC key of a credential, prepared once so that each message costs two hashes less. Owns native memory: dispose it. Not safe for
/// concurrent use; each loop has its own.
/// </summary>
public sealed class IntegrityKey : IDisposable
{
    // Covers every message below the path MTU that RFC 8489 section 6.1 assumes, so that one call hashes it: a call costs 160 ns.
    private const int OneCallSize = 576;

    private readonly bool _changes;
    private byte[] _key;
    private int _keyLength;
    private IncrementalHash? _sha1;
    private IncrementalHash? _sha256;
    private byte[]? _copy;
    private bool _disposed;

    /// <summary>Copies a key.</summary>
    /// <param name="key">
    /// The prepared password for short-term credentials (RFC 8489 section 9.1.1), the derived key for long-term ones (section 9.2.2).
    /// </param>
    public IntegrityKey(ReadOnlySpan<byte> key)
    {
        _key = key.ToArray();
        _keyLength = key.Length;
    }

    /// <summary>
    /// Starts with a key of zero bytes that <see cref="SetKey"/> replaces: one instance for whoever checks messages of many users, each of them
    /// seldom. Nothing is prepared, so that changing the key costs nothing.
    /// </summary>
    public IntegrityKey()
    {
        _changes = true;
        _key = new byte[MessageIntegritySha256.FullSize];
    }

    /// <summary>Replaces the key and erases the one before. Only for an instance that was made without a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="InvalidOperationException">The instance was made with a key.</exception>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_changes)
        {
            throw new InvalidOperationException("This key was made with its value and keeps it.");
        }

        CryptographicOperations.ZeroMemory(_key);
        if (_key.Length < key.Length)
        {
            _key = new byte[key.Length];
        }

        key.CopyTo(_key);
        _keyLength = key.Length;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
        _sha1?.Dispose();
        _sha256?.Dispose();
        _sha1 = null;
        _sha256 = null;
    }

    /// <summary>HMAC-SHA1 of a message that would end <paramref name="valueSize"/> bytes behind an attribute header at its end.</summary>
    internal void ComputeSha1(ReadOnlySpan<byte> covered, int valueSize, Span<byte> hash)
    {
        if (_changes)
        {
#pragma warning disable CA5350 // MESSAGE-INTEGRITY is HMAC-SHA1 (RFC 8489 section 14.5).
            HMACSHA1.HashData(_key.AsSpan(0, _keyLength), CopyWithLength(covered, valueSize), hash);
#pragma warning restore CA5350
        }
        else
        {
            Compute(_sha1 ??= Create(HashAlgorithmName.SHA1), covered, valueSize, hash);
        }
    }

    internal void ComputeSha256(ReadOnlySpan<byte> covered, int valueSize, Span<byte> hash)
    {
        if (_changes)
        {
            HMACSHA256.HashData(_key.AsSpan(0, _keyLength), CopyWithLength(covered, valueSize), hash);
        }
        else
        {
            Compute(_sha256 ??= Create(HashAlgorithmName.SHA256), covered, valueSize, hash);
        }
    }

    private static ushort GetLength(ReadOnlySpan<byte> covered, int valueSize)
        => (ushort)(covered.Length + 4 + valueSize - StunMessage.HeaderSize);

    private ReadOnlySpan<byte> CopyWithLength(ReadOnlySpan<byte> covered, int valueSize)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_copy is null || _copy.Length < covered.Length)
        {
            _copy = new byte[Math.Max(OneCallSize, covered.Length)];
        }

        covered.CopyTo(_copy);
        BinaryPrimitives.WriteUInt16BigEndian(_copy.AsSpan(2), GetLength(covered, valueSize));
        return _copy.AsSpan(0, covered.Length);
    }

    private void Compute(IncrementalHash hmac, ReadOnlySpan<byte> covered, int valueSize, Span<byte> hash)
    {
        ushort length = GetLength(covered, valueSize);
        if (BinaryPrimitives.ReadUInt16BigEndian(covered[2..]) == length)
        {
            hmac.AppendData(covered);
        }
        else
        {
            AppendWithLength(hmac, covered, length);
        }

        hmac.GetHashAndReset(hash);
    }

    // Attributes stand behind the integrity attribute. The received buffer is never patched: others may read it.
    private void AppendWithLength(IncrementalHash hmac, ReadOnlySpan<byte> covered, ushort length)
    {
        Span<byte> copy = _copy ??= new byte[OneCallSize];
        int copied = covered.Length <= OneCallSize ? covered.Length : 4;
        covered[..copied].CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], length);
        hmac.AppendData(copy[..copied]);
        if (copied < covered.Length)
        {
            hmac.AppendData(covered[copied..]);
        }
    }

    private IncrementalHash Create(HashAlgorithmName algorithm)
    {
        // The erased key is a string of zeroes that anyone could use.
        ObjectDisposedException.ThrowIf(_disposed, this);
        return IncrementalHash.CreateHMAC(algorithm, _key);
    }
}
