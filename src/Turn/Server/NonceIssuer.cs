using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Nonces that need no memory: 11 characters with the time of issue and a tag over it and the client's address (RFC 8489 section 9.2). With the
/// cookie in front a NONCE has 24 characters. Any server that has the secret knows them again. For one loop.
/// </summary>
/// <remarks>
/// 66 bits: 16 of time in units of 4 s, which come round after 72 hours, and 50 of HMAC-SHA256. The key of the tag changes every 24 hours and is
/// derived from the secret, so that those of yesterday still verify.
/// </remarks>
internal sealed class NonceIssuer : INonceAuthority, IDisposable
{
    /// <summary>How many characters it has.</summary>
    public const int Size = 11;

    private const int TagBits = 50;
    private const int SecondsPerUnit = 4;
    private const int UnitsPerKey = 24 * 3600 / SecondsPerUnit;

    // The clocks of a fleet differ a little.
    private const int MaxSkewUnits = 60 / SecondsPerUnit;

    private readonly NonceTag _tag;
    private readonly NonceTag? _previousTag;
    private readonly long _startedAt;
    private readonly TimeSpan _lifetime;

    public NonceIssuer(NonceSecrets secrets)
    {
        _tag = new NonceTag(secrets.Current);
        _previousTag = secrets.Previous.IsEmpty ? null : new NonceTag(secrets.Previous);
        _startedAt = secrets.StartedAt.ToUnixTimeSeconds();
        _lifetime = secrets.Lifetime;
    }

    private static ReadOnlySpan<byte> Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    public int Issue(TransportAddress client, Instant now, Span<byte> destination)
    {
        Write(_tag, client, GetSeconds(now) / SecondsPerUnit, destination);
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
        Write(_tag, client, units - age, expected);
        if (CryptographicOperations.FixedTimeEquals(expected, nonce))
        {
            return true;
        }

        if (_previousTag is null)
        {
            return false;
        }

        Write(_previousTag, client, units - age, expected);
        return CryptographicOperations.FixedTimeEquals(expected, nonce);
    }

    public void Dispose()
    {
        _tag.Dispose();
        _previousTag?.Dispose();
    }

    private static void Write(NonceTag tag, TransportAddress client, long units, Span<byte> destination)
    {
        Span<byte> content = stackalloc byte[8 + 1 + 16 + 2];
        BinaryPrimitives.WriteInt64BigEndian(content, units);
        content[8] = (byte)client.Family;
        BinaryPrimitives.WriteUInt128BigEndian(content[9..], client.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(content[25..], (ushort)client.Port);
        ulong hash = tag.Compute(units / UnitsPerKey, content);

        UInt128 value = ((UInt128)(units & 0xFFFF) << TagBits) | (hash >> (64 - TagBits));
        for (int i = Size - 1; i >= 0; i--)
        {
            destination[i] = Digits[(int)(value & 63)];
            value >>= 6;
        }
    }

    private long GetSeconds(Instant now) => _startedAt + (now.Ticks / TimeSpan.TicksPerSecond);
}
