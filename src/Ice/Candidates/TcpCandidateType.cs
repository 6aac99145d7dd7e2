namespace Stack.Ice;

/// <summary>Which side of a TCP connection a candidate takes (RFC 6544 section 4.5, <c>tcptype</c>).</summary>
public enum TcpCandidateType : byte
{
    /// <summary>Not a TCP candidate.</summary>
    None,

    /// <summary>Opens connections, accepts none; its port is signaled as 9.</summary>
    Active,

    /// <summary>Accepts connections, opens none.</summary>
    Passive,

    /// <summary>Opens a connection at the same time as the peer (simultaneous-open).</summary>
    SimultaneousOpen,
}
