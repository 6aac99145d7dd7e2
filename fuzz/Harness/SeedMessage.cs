using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Stack.Fuzz;

/// <summary>Puts a seed message together attribute by attribute; the header's length is right until <see cref="Claiming"/> spoils it.</summary>
public sealed class SeedMessage
{
    private readonly List<byte> _bytes = [];

    private SeedMessage(int type, string cookieAndTransactionId)
    {
        _bytes.AddRange([(byte)(type >> 8), (byte)type, 0, 0]);
        _bytes.AddRange(Convert.FromHexString(cookieAndTransactionId));
    }

    /// <summary>A message of a type with the magic cookie.</summary>
    public static SeedMessage Of(int type) => new(type, "2112A442" + "53656564204D6573736167DA");

    /// <summary>A message of RFC 3489, without the magic cookie.</summary>
    public static SeedMessage Classic(int type) => new(type, "DEADBEEF" + "53656564204D6573736167DA");

    /// <summary>Adds an attribute with zero padding.</summary>
    public SeedMessage With(int type, params byte[] value) => Raw(type, value.Length, [.. value, .. new byte[(4 - (value.Length % 4)) % 4]]);

    /// <summary>Adds an attribute whose value is given in hexadecimal.</summary>
    public SeedMessage With(int type, string hex) => With(type, Convert.FromHexString(hex));

    /// <summary>Adds an attribute whose stated length need not fit what follows.</summary>
    public SeedMessage Raw(int type, int length, params byte[] rest)
    {
        _bytes.AddRange([(byte)(type >> 8), (byte)type, (byte)(length >> 8), (byte)length]);
        _bytes.AddRange(rest);
        return Claiming(_bytes.Count - 20);
    }

    /// <summary>Adds bytes that the header does not count.</summary>
    public SeedMessage Trailing(int count)
    {
        _bytes.AddRange(new byte[count]);
        return this;
    }

    /// <summary>Sets the header's length.</summary>
    public SeedMessage Claiming(int length)
    {
        _bytes[2] = (byte)(length >> 8);
        _bytes[3] = (byte)length;
        return this;
    }

    /// <summary>Adds a correct MESSAGE-INTEGRITY under the mutator's default key.</summary>
    public SeedMessage Integrity() => Sealed(0x0008, 20, HMACSHA1.HashData);

    /// <summary>Adds a correct MESSAGE-INTEGRITY-SHA256 of a length.</summary>
    public SeedMessage Sha256(int length = 32) => Sealed(0x001C, length, HMACSHA256.HashData);

    /// <summary>Adds a correct FINGERPRINT.</summary>
    public SeedMessage Fingerprint()
    {
        Claiming(_bytes.Count + 8 - 20);
        uint value = FuzzCrc32.Fingerprint(_bytes.ToArray());
        return With(0x8028, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    /// <summary>Repeats an attribute.</summary>
    public SeedMessage Times(int count, Action<SeedMessage> add)
    {
        for (int i = 0; i < count; i++)
        {
            add(this);
        }

        return this;
    }

    /// <summary>The message as it now is.</summary>
    public byte[] ToArray() => [.. _bytes];

    private SeedMessage Sealed(int type, int length, Func<byte[], byte[], byte[]> hash)
    {
        Claiming(_bytes.Count + 4 + length - 20);
        byte[] value = hash("key"u8.ToArray(), _bytes.ToArray());
        return With(type, value.Take(length).ToArray());
    }
}
