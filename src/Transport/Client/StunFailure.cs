namespace Stack.Transport;

/// <summary>Why a STUN operation failed.</summary>
public enum StunFailure
{
    /// <summary>No answer came in time.</summary>
    NoAnswer,

    /// <summary>No answer came, and the network said that nobody listens there (ICMP).</summary>
    Unreachable,

    /// <summary>The name of the server could not be resolved.</summary>
    NameResolution,

    /// <summary>The connection could not be made.</summary>
    ConnectionFailed,

    /// <summary>The connection was closed before the answer came.</summary>
    ConnectionLost,

    /// <summary>The TLS handshake failed, or the certificate is not the server's.</summary>
    TlsFailed,

    /// <summary>The server answered with an error.</summary>
    ErrorResponse,

    /// <summary>The server refused the credentials, asks for some, or weakens the exchange.</summary>
    AuthenticationFailed,

    /// <summary>Answers came, but none that the credentials confirm.</summary>
    IntegrityViolated,

    /// <summary>The answer cannot be used: it has no mapped address, or attributes that must be understood and are not.</summary>
    BadAnswer,

    /// <summary>The local address or port could not be used.</summary>
    LocalAddress,

    /// <summary>The port is one that a STUN client must not be lured to, such as 25 (security policy).</summary>
    ForbiddenPort,
}
