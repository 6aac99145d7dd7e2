using System;

namespace Stack.Stun;

/// <summary>
/// A message whose integrity attribute has been confirmed. Only <see cref="TryVerify"/> makes one, so that code which takes it cannot be
/// reached without the check.
/// </summary>
public readonly ref struct VerifiedStunMessage
{
    private VerifiedStunMessage(StunMessage message, IntegrityAlgorithm algorithm)
    {
        Message = message;
        Algorithm = algorithm;
    }

    /// <summary>The message. Attributes behind the integrity attribute are not visible (RFC 8489 section 14.5).</summary>
    public StunMessage Message { get; }

    /// <summary>The attribute that was checked.</summary>
    public IntegrityAlgorithm Algorithm { get; }

    /// <summary>
    /// Checks MESSAGE-INTEGRITY-SHA256 where the message has it, else MESSAGE-INTEGRITY (RFC 8489 sections 9.1.3 and 9.2.4).
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="key">The key.</param>
    /// <param name="verified">The message on success; the default value otherwise.</param>
    /// <param name="minSha256Size">The shortest truncation that the usage allows, 16 to 32 bytes.</param>
    /// <returns>False where neither attribute is there or the one that counts is wrong.</returns>
    public static bool TryVerify(
        StunMessage message,
        IntegrityKey key,
        out VerifiedStunMessage verified,
        int minSha256Size = MessageIntegritySha256.FullSize)
    {
        ArgumentNullException.ThrowIfNull(key);
        bool sha256 = message.HasMessageIntegritySha256;
        bool valid = sha256 ? MessageIntegritySha256.Verify(message, key, minSha256Size) : MessageIntegrity.Verify(message, key);
        verified = valid ? new VerifiedStunMessage(message, sha256 ? IntegrityAlgorithm.Sha256 : IntegrityAlgorithm.Sha1) : default;
        return valid;
    }
}
