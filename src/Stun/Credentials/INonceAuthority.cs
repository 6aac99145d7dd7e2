using System;

namespace Stack.Stun;

/// <summary>Who issues nonces and knows them again, for one client's address and port (RFC 8489 section 9.2.4).</summary>
public interface INonceAuthority
{
    /// <summary>Writes what goes behind the nonce cookie.</summary>
    /// <param name="client">Where the request came from: two of them must not get the same nonce.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="destination">Where the characters go, at least 64 bytes.</param>
    /// <returns>How many were written.</returns>
    int Issue(TransportAddress client, Instant now, Span<byte> destination);

    /// <summary>Whether a nonce was issued to the client and has not expired.</summary>
    /// <param name="nonce">What stood behind the nonce cookie.</param>
    /// <param name="client">Where the request came from.</param>
    /// <param name="now">The time of the request.</param>
    bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now);
}
