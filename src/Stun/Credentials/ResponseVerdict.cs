namespace Stack.Stun;

/// <summary>What a credential mechanism says of a response.</summary>
public enum ResponseVerdict : byte
{
    /// <summary>The response counts.</summary>
    Accept,

    /// <summary>The response is discarded as if it had never been received.</summary>
    Ignore,

    /// <summary>
    /// The integrity attribute is wrong or absent: over UDP the response is discarded and remembered, over TCP the transaction ends
    /// (RFC 8489 sections 9.1.4 and 9.2.5).
    /// </summary>
    IntegrityViolated,
}
