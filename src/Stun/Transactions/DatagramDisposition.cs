namespace Stack.Stun;

/// <summary>What became of bytes that a client received; for counters and diagnostics.</summary>
public enum DatagramDisposition : byte
{
    /// <summary>It ended a transaction.</summary>
    Completed,

    /// <summary>It is not a well-formed STUN message.</summary>
    Malformed,

    /// <summary>It is a request or an indication.</summary>
    NotAResponse,

    /// <summary>Its FINGERPRINT is wrong.</summary>
    WrongFingerprint,

    /// <summary>No transaction with its id and method is in progress: late, a duplicate, or forged.</summary>
    UnknownTransaction,

    /// <summary>It has the id of a transaction, but comes from another address than the request went to.</summary>
    WrongSource,

    /// <summary>It belongs to a transaction, but the credential mechanism discards it.</summary>
    Ignored,
}
