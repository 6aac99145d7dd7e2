namespace Stack.Ice;

/// <summary>The transport protocol of a candidate (RFC 8839 section 5.1, RFC 6544 section 4.5).</summary>
public enum CandidateTransport : byte
{
    /// <summary>UDP.</summary>
    Udp,

    /// <summary>TCP, with RFC 4571 framing.</summary>
    Tcp,
}
