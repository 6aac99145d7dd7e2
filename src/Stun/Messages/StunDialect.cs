namespace Stack.Stun;

/// <summary>Which messages a decoder accepts.</summary>
public enum StunDialect : byte
{
    /// <summary>Messages with the magic cookie (RFC 8489, RFC 5389).</summary>
    Rfc8489,

    /// <summary>The same, and classic messages, whose transaction id takes the cookie's place too (RFC 3489 section 11.1).</summary>
    AcceptClassic,
}
