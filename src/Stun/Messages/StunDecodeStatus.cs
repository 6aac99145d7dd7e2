namespace Stack.Stun;

/// <summary>Why a datagram is, or is not, a well-formed STUN message.</summary>
public enum StunDecodeStatus : byte
{
    /// <summary>The message is well formed.</summary>
    Ok,

    /// <summary>Fewer bytes than the 20 of the header.</summary>
    TooShort,

    /// <summary>The two most significant bits are not zero: another protocol (RFC 7983).</summary>
    NotStun,

    /// <summary>The magic cookie is not 0x2112A442, and classic messages were not asked for (RFC 8489 section 5).</summary>
    MagicCookieMissing,

    /// <summary>The message length is not a multiple of four (RFC 8489 section 5).</summary>
    LengthNotMultipleOfFour,

    /// <summary>The header promises more bytes than there are.</summary>
    Truncated,

    /// <summary>There are more bytes than the header promises.</summary>
    TrailingBytes,

    /// <summary>An attribute and its padding run beyond the end of the message.</summary>
    AttributeTruncated,

    /// <summary>More than <see cref="StunMessage.MaxAttributes"/> attributes.</summary>
    TooManyAttributes,

    /// <summary>An attribute follows FINGERPRINT (RFC 8489 section 14.7).</summary>
    FingerprintNotLast,

    /// <summary>FINGERPRINT is not four bytes long.</summary>
    FingerprintMalformed,

    /// <summary>MESSAGE-INTEGRITY is not 20 bytes long, or MESSAGE-INTEGRITY-SHA256 not 16 to 32 in steps of four.</summary>
    IntegrityMalformed,
}
