namespace Stack.Transport;

/// <summary>What is spoken on a TCP port.</summary>
internal enum StreamSecurity : byte
{
    /// <summary>TCP in the clear.</summary>
    Plain,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>Either: the first byte of a TLS handshake begins no STUN message.</summary>
    ByFirstByte,
}
