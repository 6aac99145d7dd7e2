namespace Stack.Stun;

/// <summary>The IANA registry "STUN Password Algorithms" (RFC 8489 section 18.5). Other values are legal on the wire.</summary>
public enum StunPasswordAlgorithm : ushort
{
    /// <summary>Not an algorithm.</summary>
    Reserved = 0x0000,

    /// <summary>MD5(username ":" realm ":" password), 16 bytes; only for compatibility (RFC 8489 section 18.5.1.1).</summary>
    Md5 = 0x0001,

    /// <summary>SHA-256(username ":" realm ":" password), 32 bytes (RFC 8489 section 18.5.1.2).</summary>
    Sha256 = 0x0002,
}
