namespace Stack.Stun;

/// <summary>How a request/response transaction has ended.</summary>
public enum TransactionOutcome : byte
{
    /// <summary>It is in progress.</summary>
    Pending,

    /// <summary>A success response came.</summary>
    Success,

    /// <summary>An error response came.</summary>
    Error,

    /// <summary>No response came in time.</summary>
    TimedOut,

    /// <summary>No response came, and the network said that the server cannot be reached (ICMP).</summary>
    Unreachable,

    /// <summary>Responses came, but none with the right integrity attribute (RFC 8489 sections 9.1.4 and 9.2.5).</summary>
    IntegrityViolated,

    /// <summary>The response has comprehension-required attributes that are not understood (RFC 8489 sections 6.3.3 and 6.3.4).</summary>
    NotUnderstood,

    /// <summary>The connection was closed or reset before a response came (RFC 8489 section 6.2.2).</summary>
    ConnectionLost,

    /// <summary>The caller gave it up.</summary>
    Cancelled,
}
