using System;
using System.Security.Cryptography;
using System.Text;

namespace Stack.Stun;

/// <summary>The username and password that a user has with a provider (RFC 8489 section 9.2). Immutable.</summary>
public sealed class LongTermCredential
{
    private readonly string _password;
    private readonly CredentialPreparation _preparation;

    /// <summary>Prepares a credential.</summary>
    /// <param name="username">1 to 508 bytes of UTF-8.</param>
    /// <param name="password">Not empty.</param>
    /// <param name="preparation">How username, password and realm are prepared.</param>
    /// <exception cref="ArgumentException">A part is empty, too long, or has characters that the preparation does not allow.</exception>
    public LongTermCredential(string username, string password, CredentialPreparation preparation = CredentialPreparation.OpaqueString)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        Username = PreparedText.Prepare(username, preparation, nameof(username));
        if (Encoding.UTF8.GetByteCount(Username) > UsernameAttribute.MaxWriteSize)
        {
            throw new ArgumentException("A username has at most 508 bytes.", nameof(username));
        }

        _password = PreparedText.Prepare(password, preparation, nameof(password));
        _preparation = preparation;
    }

    /// <summary>The prepared username.</summary>
    public string Username { get; }

    /// <summary>Derives the HMAC key for a realm (RFC 8489 sections 9.2.2 and 18.5.1).</summary>
    /// <param name="realm">The realm as the server sent it.</param>
    /// <param name="algorithm">MD5 or SHA-256.</param>
    /// <returns>A key that the caller disposes; null where the realm cannot be prepared.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another algorithm.</exception>
    public IntegrityKey? CreateKey(string realm, StunPasswordAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(realm);
        if (!TryPrepareRealm(realm, out string prepared))
        {
            return null;
        }

        return new IntegrityKey(DeriveKey(Username, prepared, _password, algorithm));
    }

    /// <summary>Computes USERHASH for a realm (RFC 8489 section 14.4).</summary>
    /// <param name="realm">The realm as the server sent it.</param>
    /// <param name="destination">At least 32 bytes.</param>
    /// <returns>False where the realm cannot be prepared.</returns>
    public bool TryComputeUserhash(string realm, Span<byte> destination)
    {
        if (!TryPrepareRealm(realm, out string prepared))
        {
            return false;
        }

        Userhash.Compute(Username, prepared, destination);
        return true;
    }

    /// <summary>The username alone: the password is never shown.</summary>
    public override string ToString() => Username;

    /// <summary>Hashes <c>username ":" realm ":" password</c>, all prepared (RFC 8489 section 9.2.2).</summary>
    /// <param name="username">The username.</param>
    /// <param name="realm">The realm.</param>
    /// <param name="password">The password.</param>
    /// <param name="algorithm">MD5 or SHA-256.</param>
    /// <returns>16 or 32 bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another algorithm.</exception>
    public static byte[] DeriveKey(
        ReadOnlySpan<char> username,
        ReadOnlySpan<char> realm,
        ReadOnlySpan<char> password,
        StunPasswordAlgorithm algorithm)
    {
        HashAlgorithmName name = algorithm switch
        {
            StunPasswordAlgorithm.Md5 => HashAlgorithmName.MD5,
            StunPasswordAlgorithm.Sha256 => HashAlgorithmName.SHA256,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Only MD5 and SHA-256 are defined."),
        };
        using var hash = IncrementalHash.CreateHash(name);
        Userhash.Append(hash, username.TrimEnd('\0'));
        hash.AppendData(":"u8);
        Userhash.Append(hash, realm.TrimEnd('\0'));
        hash.AppendData(":"u8);
        Userhash.Append(hash, password.TrimEnd('\0'));
        return hash.GetHashAndReset();
    }

    private bool TryPrepareRealm(string realm, out string prepared)
    {
        // RFC 8489 section 9.2.2: quotes and trailing nulls are not part of the realm.
        string text = realm.TrimEnd('\0').Trim('"');
        prepared = "";
        return text.Length != 0 && PreparedText.TryPrepare(text, _preparation, out prepared);
    }
}
