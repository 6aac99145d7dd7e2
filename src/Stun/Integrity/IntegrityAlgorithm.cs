namespace Stack.Stun;

/// <summary>Which integrity attribute protects a message.</summary>
public enum IntegrityAlgorithm : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>MESSAGE-INTEGRITY, HMAC-SHA1 (RFC 8489 section 14.5).</summary>
    Sha1,

    /// <summary>MESSAGE-INTEGRITY-SHA256 (RFC 8489 section 14.6).</summary>
    Sha256,
}
