using System;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>A user with a password, or with keys that were derived from it elsewhere. Never shows either.</summary>
public sealed class StaticUser
{
    private const int MaxNameSize = 508;
    private const int Md5KeySize = 16;
    private const int Sha256KeySize = 32;

    private readonly string? _password;
    private readonly byte[]? _md5Key;
    private readonly byte[]? _sha256Key;

    private StaticUser(string name, string? password, byte[]? md5Key, byte[]? sha256Key)
    {
        Name = Prepare(name, nameof(name));
        if (Encoding.UTF8.GetByteCount(Name) > MaxNameSize)
        {
            throw new ArgumentException("A user name has at most 508 bytes.", nameof(name));
        }

        _password = password is null ? null : Prepare(password, nameof(password));
        _md5Key = md5Key;
        _sha256Key = sha256Key;
    }

    /// <summary>The name as it is in USERNAME, prepared with OpaqueString (RFC 8489 section 14.3).</summary>
    public string Name { get; }

    /// <summary>A user with a password.</summary>
    /// <param name="name">1 to 508 bytes of UTF-8.</param>
    /// <param name="password">Not empty.</param>
    /// <exception cref="ArgumentException">A part is empty, too long, or has characters that OpaqueString does not allow.</exception>
    public static StaticUser FromPassword(string name, string password)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        return new StaticUser(name, password, null, null);
    }

    /// <summary>A user with the key for one realm and algorithm, so that the server does not know the password (RFC 8489 section 9.2.2).</summary>
    /// <param name="name">1 to 508 bytes of UTF-8.</param>
    /// <param name="key">16 bytes for MD5, 32 for SHA-256. With the other algorithm the user does not get in.</param>
    /// <exception cref="ArgumentException">The name is none, or the key has another size.</exception>
    public static StaticUser FromKey(string name, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return key.Length switch
        {
            Md5KeySize => new StaticUser(name, null, key.ToArray(), null),
            Sha256KeySize => new StaticUser(name, null, null, key.ToArray()),
            _ => throw new ArgumentException("A key has 16 bytes for MD5 or 32 for SHA-256.", nameof(key)),
        };
    }

    /// <summary>A user with the keys for one realm and both algorithms.</summary>
    /// <param name="name">1 to 508 bytes of UTF-8.</param>
    /// <param name="md5Key">16 bytes.</param>
    /// <param name="sha256Key">32 bytes.</param>
    /// <exception cref="ArgumentException">The name is none, or a key has another size.</exception>
    public static StaticUser FromKeys(string name, ReadOnlySpan<byte> md5Key, ReadOnlySpan<byte> sha256Key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return md5Key.Length == Md5KeySize && sha256Key.Length == Sha256KeySize
            ? new StaticUser(name, null, md5Key.ToArray(), sha256Key.ToArray())
            : throw new ArgumentException("A key has 16 bytes for MD5 or 32 for SHA-256.", md5Key.Length == Md5KeySize ? nameof(sha256Key) : nameof(md5Key));
    }

    /// <summary>Whether another user has the same name and the same secret, however it is given.</summary>
    /// <param name="other">The other user.</param>
    public bool HasSameCredential(StaticUser other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Name == other.Name
            && IsSame(Bytes(_password), Bytes(other._password))
            && IsSame(_md5Key, other._md5Key)
            && IsSame(_sha256Key, other._sha256Key);
    }

    /// <summary>The name alone.</summary>
    public override string ToString() => Name;

    /// <summary>The key for a prepared realm; null where the user has none for the algorithm.</summary>
    internal byte[]? CreateKey(string realm, StunPasswordAlgorithm algorithm)
    {
        if (_password is not null)
        {
            return LongTermCredential.DeriveKey(Name, realm, _password, algorithm);
        }

        return (byte[]?)(algorithm == StunPasswordAlgorithm.Md5 ? _md5Key : _sha256Key)?.Clone();
    }

    private static bool IsSame(byte[]? left, byte[]? right)
        => left is null ? right is null : right is not null && CryptographicOperations.FixedTimeEquals(left, right);

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static string Prepare(string text, string parameterName)
    {
        // The text may be a password: it stays out of the message.
        return OpaqueString.TryPrepare(text, out string? prepared, out StringPreparationStatus status)
            ? prepared
            : throw new ArgumentException($"The text cannot be used in a credential: {status}.", parameterName);
    }
}
