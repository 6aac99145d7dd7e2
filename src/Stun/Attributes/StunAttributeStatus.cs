namespace Stack.Stun;

/// <summary>What came of reading a typed attribute.</summary>
public enum StunAttributeStatus : byte
{
    /// <summary>The attribute is not in the message, or stands where a receiver must not look (RFC 8489 section 14.5).</summary>
    Absent,

    /// <summary>The attribute is there and well formed.</summary>
    Present,

    /// <summary>The attribute is there, but its value breaks the rules of its type.</summary>
    Malformed,
}
