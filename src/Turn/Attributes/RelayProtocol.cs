namespace Stack.Turn;

/// <summary>A protocol between server and peers, by its number in the IP header (RFC 8656 section 18.8).</summary>
public enum RelayProtocol : byte
{
    /// <summary>No protocol.</summary>
    None = 0,

    /// <summary>TCP (RFC 6062).</summary>
    Tcp = 6,

    /// <summary>UDP.</summary>
    Udp = 17,
}
