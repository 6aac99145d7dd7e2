namespace Stack.Transport;

/// <summary>Why a TURN operation failed.</summary>
public enum TurnFailure
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

    /// <summary>The local address or port could not be used.</summary>
    LocalAddress,

    /// <summary>The port is one that a client must not be lured to, such as 25 (security policy).</summary>
    ForbiddenPort,

    /// <summary>The server refused the credentials, asks for some, or weakens the exchange.</summary>
    AuthenticationFailed,

    /// <summary>Answers came, but none that the credentials confirm.</summary>
    IntegrityViolated,

    /// <summary>The answer cannot be used: it lacks what it must have, or grants what was not asked for.</summary>
    BadAnswer,

    /// <summary>The server answered with an error that has no name of its own here.</summary>
    ErrorResponse,

    /// <summary>The server does not relay to the peer, or refuses the request by policy (403).</summary>
    Forbidden,

    /// <summary>The server lacks what was asked for: an attribute (420), an address family (440, 443) or a protocol (442).</summary>
    Unsupported,

    /// <summary>The user has as many allocations as the server grants (486).</summary>
    QuotaReached,

    /// <summary>The server has no capacity left (508).</summary>
    InsufficientCapacity,

    /// <summary>The server takes the local address for one in use, three times (437).</summary>
    AllocationMismatch,

    /// <summary>The server redirects without proof, or once too often (300).</summary>
    Redirected,

    /// <summary>The server could not connect to the peer (447).</summary>
    PeerUnreachable,

    /// <summary>The allocation is gone: expired, unknown to the server, or its connection lost.</summary>
    AllocationLost,
}
