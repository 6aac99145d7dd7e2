namespace Stack.Fuzz.Reference;

/// <summary>What the framing walk of one datagram found. The members after <see cref="Ok"/> stand in the order in which they are looked for.</summary>
public enum ReferenceVerdict
{
    /// <summary>The datagram is one complete STUN message.</summary>
    Ok,

    /// <summary>Fewer than the 20 bytes of a header.</summary>
    TooShort,

    /// <summary>The two most significant bits are not zero.</summary>
    NotStun,

    /// <summary>The magic cookie is absent and classic messages are not wanted.</summary>
    MagicCookieMissing,

    /// <summary>The header's length is not a multiple of four.</summary>
    LengthNotMultipleOfFour,

    /// <summary>The header promises more bytes than were received.</summary>
    Truncated,

    /// <summary>More bytes were received than the header promises.</summary>
    TrailingBytes,

    /// <summary>An attribute, its padding included, runs beyond the end of the message.</summary>
    AttributeTruncated,

    /// <summary>An attribute stands behind FINGERPRINT.</summary>
    FingerprintNotLast,

    /// <summary>More than 256 attributes.</summary>
    TooManyAttributes,

    /// <summary>A FINGERPRINT that is not four bytes long.</summary>
    FingerprintMalformed,

    /// <summary>A visible MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 of a length that its section forbids.</summary>
    IntegrityMalformed,
}
