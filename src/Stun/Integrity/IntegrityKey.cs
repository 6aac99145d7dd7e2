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

    private readonly byte[] _key;
    private IncrementalHash? _sha1;
    private IncrementalHash? _sha256;
    private byte[]? _copy;
    private bool _disposed;

    /// <summary>Copies a key.</summary>
    /// <param name="key">
    /// The prepared password for short-term credentials (RFC 8489 section 9.1.1), the derived key for long-term ones (section 9.2.2).
    /// </param>
    public IntegrityKey(ReadOnlySpan<byte> key) => _key = key.ToArray();

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
        => Compute(_sha1 ??= Create(HashAlgorithmName.SHA1), covered, valueSize, hash);

    internal void ComputeSha256(ReadOnlySpan<byte> covered, int valueSize, Span<byte> hash)
        => Compute(_sha256 ??= Create(HashAlgorithmName.SHA256), covered, valueSize, hash);

    private void Compute(IncrementalHash hmac, ReadOnlySpan<byte> covered, int valueSize, Span<byte> hash)
    {
        ushort length = (ushort)(covered.Length + 4 + valueSize - StunMessage.HeaderSize);
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
