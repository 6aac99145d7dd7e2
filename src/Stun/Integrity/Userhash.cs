using System;
using System.Security.Cryptography;
using System.Text;

namespace Stack.Stun;

/// <summary>The hash that stands for a username: SHA-256(OpaqueString(username) ":" OpaqueString(realm)) (RFC 8489 section 14.4).</summary>
public static class Userhash
{
    /// <summary>The size, in bytes.</summary>
    public const int Size = 32;

    /// <summary>Computes the hash.</summary>
    /// <param name="username">The username, prepared.</param>
    /// <param name="realm">The realm, prepared.</param>
    /// <param name="destination">At least 32 bytes.</param>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static void Compute(ReadOnlySpan<char> username, ReadOnlySpan<char> realm, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, username);
        hash.AppendData(":"u8);
        Append(hash, realm);
        hash.GetHashAndReset(destination);
    }

    internal static void Append(IncrementalHash hash, ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        hash.AppendData(bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
