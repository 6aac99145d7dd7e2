using System;
using System.Text;

namespace Stack.Stun;

/// <summary>A username and password that two agents have exchanged before (RFC 8489 section 9.1). Immutable.</summary>
public sealed class ShortTermCredential
{
    private readonly byte[] _key;

    /// <summary>Prepares a credential.</summary>
    /// <param name="username">1 to 508 bytes of UTF-8.</param>
    /// <param name="password">Not empty.</param>
    /// <param name="preparation">How both are prepared.</param>
    /// <exception cref="ArgumentException">A part is empty, too long, or has characters that the preparation does not allow.</exception>
    public ShortTermCredential(string username, string password, CredentialPreparation preparation = CredentialPreparation.OpaqueString)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        Username = PreparedText.Prepare(username, preparation, nameof(username));
        if (Encoding.UTF8.GetByteCount(Username) > UsernameAttribute.MaxWriteSize)
        {
            throw new ArgumentException("A username has at most 508 bytes.", nameof(username));
        }

        // RFC 8489 section 9.1.1: key = OpaqueString(password).
        _key = Encoding.UTF8.GetBytes(PreparedText.Prepare(password, preparation, nameof(password)));
    }

    /// <summary>The prepared username.</summary>
    public string Username { get; }

    /// <summary>The HMAC key.</summary>
    /// <returns>A key that the caller disposes.</returns>
    public IntegrityKey CreateKey() => new(_key);

    /// <summary>The username alone: the password is never shown.</summary>
    public override string ToString() => Username;
}
