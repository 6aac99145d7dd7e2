namespace Stack.Stun;

/// <summary>The address families as the wire encodes them (RFC 8489 section 14.1).</summary>
public enum StunAddressFamily : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>IPv4.</summary>
    IPv4 = 1,

    /// <summary>IPv6.</summary>
    IPv6 = 2,
}
