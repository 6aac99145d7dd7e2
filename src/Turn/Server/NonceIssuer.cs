using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Nonces that need no memory: 11 characters with the time of issue and a tag over it and the client's address (RFC 8489 section 9.2). With the
/// cookie in front a NONCE has 24 characters. Any server that has the key knows them again. Safe for concurrent use.
/// </summary>
/// <remarks>
/// 66 bits: 16 of time in units of 4 s, which come round after 72 hours, and 50 of HMAC-SHA256. The key of the tag changes every 24 hours and is
/// derived from the secret, so that those of yesterday still verify.
/// </remarks>
internal sealed class NonceIssuer : INonceAuthority
{
    /// <summary>The size of the secret, in bytes.</summary>
    public const int KeySize = 32;

    private const int Size = 11;
    private const int TagBits = 50;
    private const int SecondsPerUnit = 4;
    private const int SecondsPerKey = 24 * 3600;

    // The clocks of a fleet differ a little.
    private const int MaxSkewUnits = 60 / SecondsPerUnit;

    private readonly byte[] _secret;
    private readonly byte[]? _previousSecret;
    private readonly long _startedAt;
    private readonly TimeSpan _lifetime;

    public NonceIssuer(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> previousSecret, DateTimeOffset startedAt, TimeSpan lifetime)
    {
        if (secret.Length != KeySize)
        {
            throw new ArgumentException("The nonce key has 32 bytes.", nameof(secret));
        }

        _secret = secret.ToArray();
        _previousSecret = previousSecret.IsEmpty ? null : previousSecret.ToArray();
        _startedAt = startedAt.ToUnixTimeSeconds();
        _lifetime = lifetime;
    }

    private static ReadOnlySpan<byte> Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    public int Issue(TransportAddress client, Instant now, Span<byte> destination)
    {
        Write(_secret, client, GetSeconds(now) / SecondsPerUnit, destination);
        return Size;
    }

    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now)
    {
        if (nonce.Length != Size)
        {
            return false;
        }

        int time = 0;
        foreach (byte digit in nonce[..3])
        {
            int value = Digits.IndexOf(digit);
            if (value < 0)
            {
                return false;
            }

            time = (time << 6) | value;
        }

        // Three digits hold 18 bits: the upper 16 are the time.
        long units = GetSeconds(now) / SecondsPerUnit;
        int age = unchecked((short)(units - (time >> 2)));
        if (age < -MaxSkewUnits || age > _lifetime.Ticks / TimeSpan.TicksPerSecond / SecondsPerUnit)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[Size];
        Write(_secret, client, units - age, expected);
        if (CryptographicOperations.FixedTimeEquals(expected, nonce))
        {
            return true;
        }

        if (_previousSecret is null)
        {
            return false;
        }

        Write(_previousSecret, client, units - age, expected);
        return CryptographicOperations.FixedTimeEquals(expected, nonce);
    }

    private static void Write(ReadOnlySpan<byte> secret, TransportAddress client, long units, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> period = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(period, units * SecondsPerUnit / SecondsPerKey);
        HMACSHA256.HashData(secret, period, key);

        Span<byte> content = stackalloc byte[8 + 1 + 16 + 2];
        BinaryPrimitives.WriteInt64BigEndian(content, units);
        content[8] = (byte)client.Family;
        BinaryPrimitives.WriteUInt128BigEndian(content[9..], client.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(content[25..], (ushort)client.Port);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content, hash);

        UInt128 value = ((UInt128)(units & 0xFFFF) << TagBits) | (BinaryPrimitives.ReadUInt64BigEndian(hash) >> (64 - TagBits));
        for (int i = Size - 1; i >= 0; i--)
        {
            destination[i] = Digits[(int)(value & 63)];
            value >>= 6;
        }
    }

    private long GetSeconds(Instant now) => _startedAt + (now.Ticks / TimeSpan.TicksPerSecond);
}
