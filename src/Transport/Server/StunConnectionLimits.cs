using System;

namespace Stack.Transport;

/// <summary>What TCP and TLS connections may cost a server, whose peers have proven nothing.</summary>
public sealed record StunConnectionLimits
{
    /// <summary>Connections at once, in all; 512 by default.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>Connections at once from one IPv4 address or IPv6 /64; 32 by default.</summary>
    public int MaxConnectionsPerSource { get; init; } = 32;

    /// <summary>How long the TLS handshake may take; 10 s by default.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first whole request may take; 10 s by default.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle afterwards; 60 s by default.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the peer may take to read an answer; 10 s by default.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest request, in bytes; 4096 by default.</summary>
    public int MaxMessageSize { get; init; } = 4096;
}
