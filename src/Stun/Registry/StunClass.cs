namespace Stack.Stun;

/// <summary>The four message classes, as the two bits C1 C0 encode them (RFC 8489 section 5).</summary>
public enum StunClass : byte
{
    /// <summary>A request, which is answered by a success or an error response.</summary>
    Request = 0b00,

    /// <summary>An indication, which is never answered.</summary>
    Indication = 0b01,

    /// <summary>The answer to a request that succeeded.</summary>
    SuccessResponse = 0b10,

    /// <summary>The answer to a request that failed; carries ERROR-CODE.</summary>
    ErrorResponse = 0b11,
}
