using System;

namespace Stack.Stun;

/// <summary>
/// The IANA registry "STUN Security Features": 24 bits of which bit 0 is the least significant (RFC 8489 section 18.1 as verified erratum
/// 6290 corrects it).
/// </summary>
[Flags]
public enum StunSecurityFeatures
{
    /// <summary>No feature.</summary>
    None = 0,

    /// <summary>The server offers PASSWORD-ALGORITHMS.</summary>
    PasswordAlgorithms = 1 << 0,

    /// <summary>The server accepts USERHASH in place of USERNAME.</summary>
    UsernameAnonymity = 1 << 1,
}
