using System;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// A user name that says when it expires, and the password that belongs to it: an application hands it to a client for an hour or so, and the
/// server, which shares a secret with the application, can tell that it is genuine without asking anybody.
/// </summary>
/// <remarks>The form of draft-uberti-behave-turn-rest: <c>unixtime:user</c>, and the HMAC of that in base64.</remarks>
public sealed class ExpiringCredential
{
    /// <summary>The fewest bytes of a shared secret. Make one with a generator: <c>openssl rand -hex 32</c>.</summary>
    public const int MinSecretSize = 16;

    internal const int MaxPasswordSize = 44;
    internal const int MaxUsernameSize = 508;

    private ExpiringCredential(string username, string password, DateTimeOffset expires)
    {
        Username = username;
        Password = password;
        Expires = expires;
    }

    /// <summary>The user name.</summary>
    public string Username { get; }

    /// <summary>The password.</summary>
    public string Password { get; }

    /// <summary>When it expires, in whole seconds.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Issues a credential.</summary>
    /// <param name="secret">The secret that the application shares with the server, at least <see cref="MinSecretSize"/> bytes.</param>
    /// <param name="user">Whom it is for, so that the server's quotas count by user; empty for nobody in particular.</param>
    /// <param name="expires">When it expires. Part of a second is left away.</param>
    /// <param name="hash">How the password is made; the server must be set to the same.</param>
    /// <exception cref="ArgumentException">
    /// The secret is too short or one that everybody knows, the user's name is longer than 508 bytes together with the time or has characters
    /// that OpaqueString does not allow, or the time is before 1970.
    /// </exception>
    public static ExpiringCredential Create(
        ReadOnlySpan<byte> secret,
        string user,
        DateTimeOffset expires,
        ExpiringPasswordHash hash = ExpiringPasswordHash.Sha1)
    {
        ArgumentNullException.ThrowIfNull(user);
        CheckSecret(secret, nameof(secret));
        long time = expires.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(time, nameof(expires));
        string name = time.ToString(CultureInfo.InvariantCulture) + (user.Length == 0 ? "" : ":" + user);
        if (!OpaqueString.TryPrepare(name, out string? username, out _) || Encoding.UTF8.GetByteCount(username) > MaxUsernameSize)
        {
            throw new ArgumentException("The name of a user has at most 508 bytes, the time included, and no control characters.", nameof(user));
        }

        Span<byte> password = stackalloc byte[MaxPasswordSize];
        int length = WritePassword(secret, Encoding.UTF8.GetBytes(username), hash, password);
        return new ExpiringCredential(username, Encoding.ASCII.GetString(password[..length]), DateTimeOffset.FromUnixTimeSeconds(time));
    }

    /// <summary>The user name alone.</summary>
    public override string ToString() => Username;

    /// <summary>Writes the password that belongs to a user name.</summary>
    internal static int WritePassword(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> username, ExpiringPasswordHash hash, Span<byte> password)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HashAlgorithmName name = hash == ExpiringPasswordHash.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        int size = CryptographicOperations.HmacData(name, secret, username, mac);
        Base64.EncodeToUtf8(mac[..size], password, out _, out int length);
        CryptographicOperations.ZeroMemory(mac);
        return length;
    }

    /// <summary>Refuses what can be guessed; the message never says what it was.</summary>
    internal static void CheckSecret(ReadOnlySpan<byte> secret, string parameterName)
    {
        if (secret.Length < MinSecretSize)
        {
            throw new ArgumentException($"A shared secret has at least {MinSecretSize} bytes; make one with a generator.", parameterName);
        }

        // What stands in samples, repeated to be long enough.
        if (secret.TrimStart(secret[0]).IsEmpty || IsRepeated(secret, "secret"u8) || IsRepeated(secret, "changeme"u8))
        {
            throw new ArgumentException("The shared secret is one that everybody guesses; make one with a generator.", parameterName);
        }
    }

    private static bool IsRepeated(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> word)
    {
        for (int i = 0; i < secret.Length; i++)
        {
            if ((secret[i] | 0x20) != word[i % word.Length])
            {
                return false;
            }
        }

        return true;
    }
}
