namespace Stack.Stun;

/// <summary>What <see cref="StunUri"/> made of a text.</summary>
public enum StunUriStatus
{
    /// <summary>The text is a STUN or TURN URI.</summary>
    Success = 0,

    /// <summary>The text does not start with <c>stun:</c>, <c>stuns:</c>, <c>turn:</c> or <c>turns:</c>.</summary>
    UnknownScheme,

    /// <summary>Nothing stands where the host belongs.</summary>
    MissingHost,

    /// <summary>
    /// The host is neither a domain name of letters, digits, hyphens and underscores, nor a complete IPv4 address, nor an IPv6 address in
    /// brackets without a zone.
    /// </summary>
    InvalidHost,

    /// <summary>The text has an <c>@</c>. A user name or password has no place in these URIs (RFC 7065 appendix B).</summary>
    UserInformation,

    /// <summary>The port is not a decimal number from 1 to 65535.</summary>
    InvalidPort,

    /// <summary>
    /// A query on a <c>stun:</c> or <c>stuns:</c> URI, which has none, or one other than <c>?transport=</c> and a value on a <c>turn:</c>
    /// or <c>turns:</c> URI.
    /// </summary>
    InvalidQuery,

    /// <summary>
    /// The transport is well-formed but none that is spoken here: an extension (RFC 7065 section 3.1), or <c>udp</c> with <c>turns:</c>,
    /// which means DTLS (RFC 7350 section 4.6.1) and is an error without it (RFC 5928 section 3).
    /// </summary>
    UnsupportedTransport,

    /// <summary>A <c>stuns:</c> URI whose host is an IP address, which RFC 8489 section 8.1 says to reject.</summary>
    SecureIpAddress,
}
