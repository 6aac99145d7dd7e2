namespace Stack.Stun;

/// <summary>Why <see cref="OpaqueString"/> or <see cref="SaslPrep"/> prepared a string, or refused to.</summary>
public enum StringPreparationStatus
{
    /// <summary>The string was prepared.</summary>
    Success = 0,

    /// <summary>Nothing is left to prepare: the input was empty, or every character of it maps to nothing.</summary>
    Empty,

    /// <summary>The input is longer than 4096 UTF-16 code units, a bound of this library that keeps the work per string small.</summary>
    TooLong,

    /// <summary>The input has a surrogate without its partner and so is not Unicode text.</summary>
    MalformedUtf16,

    /// <summary>A code point is not allowed, for example a control character.</summary>
    Disallowed,

    /// <summary>A code point is not assigned in the version of Unicode that applies.</summary>
    Unassigned,

    /// <summary>A code point is only allowed next to, or together with, others that are not there (RFC 8264 section 8).</summary>
    ContextRuleFailed,

    /// <summary>Right-to-left and left-to-right characters are mixed in a way that RFC 3454 section 6 forbids.</summary>
    BidirectionalRuleFailed,

    /// <summary>
    /// The text is not ASCII and this process cannot normalize Unicode, because it runs in globalization-invariant mode. Enable ICU, or
    /// hand over a string of ASCII characters.
    /// </summary>
    NormalizationUnavailable,
}
