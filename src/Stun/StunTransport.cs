namespace Stack.Stun;

/// <summary>The transport that carries STUN messages to a server (RFC 8489 section 6.2).</summary>
public enum StunTransport
{
    /// <summary>Datagrams, one STUN message each; the client retransmits (RFC 8489 section 6.2.1).</summary>
    Udp,

    /// <summary>A byte stream in the clear (RFC 8489 section 6.2.2).</summary>
    Tcp,

    /// <summary>TLS over TCP (RFC 8489 section 6.2.3).</summary>
    Tls,
}
