using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Users that an application has issued an <see cref="ExpiringCredential"/> to: anybody with <c>unixtime</c> or <c>unixtime:user</c> as the
/// name, a time that is still to come, and the password that the shared secret makes of it. Compatible with coturn's <c>use-auth-secret</c>.
/// Safe for concurrent use; a lookup allocates nothing.
/// </summary>
/// <remarks>
/// There may be several secrets, so that one can be changed while credentials made with the old one are still about: then a name has several
/// keys (<see cref="ICredentialSource.TryGetOtherKey"/>). A USERHASH is never found, since the names are not known beforehand.
/// </remarks>
public sealed class ExpiringCredentialSource : ICredentialSource, IDisposable
{
    private const int MaxSecrets = 8;
    private const int MaxTimeDigits = 12;
    private const int MaxRealmSize = 763;

    private readonly byte[][] _secrets;
    private readonly Func<DateTimeOffset> _clock;
    private readonly ExpiringPasswordHash _hash;
    private volatile bool _disposed;

    /// <summary>Copies the secrets.</summary>
    /// <param name="secrets">1 to 8 secrets of at least <see cref="ExpiringCredential.MinSecretSize"/> bytes; the current one first.</param>
    /// <param name="clock">The wall clock: the time in a name is the application's. Called from all loops.</param>
    /// <param name="hash">How passwords are made.</param>
    /// <exception cref="ArgumentException">There is no secret or too many, or one can be guessed. The message does not show it.</exception>
    public ExpiringCredentialSource(
        IReadOnlyList<byte[]> secrets,
        Func<DateTimeOffset> clock,
        ExpiringPasswordHash hash = ExpiringPasswordHash.Sha1)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(clock);
        if (secrets.Count is 0 or > MaxSecrets)
        {
            throw new ArgumentException($"There are 1 to {MaxSecrets} shared secrets.", nameof(secrets));
        }

        foreach (byte[] secret in secrets)
        {
            ExpiringCredential.CheckSecret(secret, nameof(secrets));
        }

        _secrets = new byte[secrets.Count][];
        for (int i = 0; i < _secrets.Length; i++)
        {
            _secrets[i] = [.. secrets[i]];
        }

        _clock = clock;
        _hash = hash;
    }

    /// <inheritdoc/>
    public bool TryGetKey(ReadOnlySpan<byte> username, string realm, StunPasswordAlgorithm algorithm, Span<byte> key, out int length)
        => TryGetOtherKey(0, username, realm, algorithm, key, out length);

    /// <inheritdoc/>
    public bool TryGetOtherKey(
        int index,
        ReadOnlySpan<byte> username,
        string realm,
        StunPasswordAlgorithm algorithm,
        Span<byte> key,
        out int length)
    {
        ArgumentNullException.ThrowIfNull(realm);
        length = 0;
        if (index < 0
            || index >= _secrets.Length
            || username.Length > ExpiringCredential.MaxUsernameSize
            || !TryReadTime(username, out long time, out _)
            || _clock().ToUnixTimeMilliseconds() >= time * 1000)
        {
            return false;
        }

        Span<byte> password = stackalloc byte[ExpiringCredential.MaxPasswordSize];
        int passwordLength = ExpiringCredential.WritePassword(_secrets[index], username, _hash, password);
        bool derived = TryDerive(username, realm, password[..passwordLength], algorithm, key, out int derivedLength);
        CryptographicOperations.ZeroMemory(password);

        // Secrets are erased only once this is set: a key made while it was not is whole, and anybody could make one of an erased secret.
        Interlocked.MemoryBarrier();
        if (!derived || _disposed)
        {
            CryptographicOperations.ZeroMemory(key[..derivedLength]);
            return false;
        }

        length = derivedLength;
        return true;
    }

    /// <summary>What stands behind the time, or the whole name where nothing does: all names of a user count as one.</summary>
    /// <param name="username">The name.</param>
    public ReadOnlySpan<byte> GetAccount(ReadOnlySpan<byte> username)
        => TryReadTime(username, out _, out int digits) && username.Length > digits + 1 ? username[(digits + 1)..] : username;

    /// <summary>Erases the secrets; from then on there is nobody.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.MemoryBarrier();
        foreach (byte[] secret in _secrets)
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The number of secrets.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_secrets.Length} shared secrets, HMAC-{_hash}");

    // Twelve digits reach the year 33658, and no sum with them overflows.
    private static bool TryReadTime(ReadOnlySpan<byte> username, out long time, out int digits)
    {
        time = 0;
        digits = 0;
        while (digits < username.Length && digits <= MaxTimeDigits && username[digits] is >= (byte)'0' and <= (byte)'9')
        {
            time = (time * 10) + (username[digits] - '0');
            digits++;
        }

        return digits is > 0 and <= MaxTimeDigits && (digits == username.Length || username[digits] == ':');
    }

    private static bool TryDerive(
        ReadOnlySpan<byte> username,
        string realm,
        ReadOnlySpan<byte> password,
        StunPasswordAlgorithm algorithm,
        Span<byte> key,
        out int length)
    {
        Span<byte> text = stackalloc byte[ExpiringCredential.MaxUsernameSize + MaxRealmSize + ExpiringCredential.MaxPasswordSize + 2];
        length = 0;
        if (!Encoding.UTF8.TryGetBytes(realm, text.Slice(username.Length + 1, MaxRealmSize), out int realmLength))
        {
            return false;
        }

        int end = username.Length + 1 + realmLength;
        username.CopyTo(text);
        text[username.Length] = (byte)':';
        text[end] = (byte)':';
        password.CopyTo(text[(end + 1)..]);
        text = text[..(end + 1 + password.Length)];
        length = algorithm switch
        {
            StunPasswordAlgorithm.Md5 => CryptographicOperations.HashData(HashAlgorithmName.MD5, text, key),
            StunPasswordAlgorithm.Sha256 => CryptographicOperations.HashData(HashAlgorithmName.SHA256, text, key),
            _ => 0,
        };
        CryptographicOperations.ZeroMemory(text);
        return length != 0;
    }
}
