namespace Stack.Signaling;

/// <summary>How reading a message of a dialect ended.</summary>
public enum MessageStatus
{
    /// <summary>It was read.</summary>
    Ok,

    /// <summary>It is well formed but none of this dialect's messages: to be ignored.</summary>
    Unknown,

    /// <summary>
    /// It is not JSON, not an object, nested deeper than 8, has a name twice or half of a surrogate pair, or a member that has to be there is absent or of the
    /// wrong type.
    /// </summary>
    Malformed,
}
