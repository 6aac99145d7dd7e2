using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>What a <see cref="StunServer"/> serves. The defaults are for the open internet.</summary>
public sealed record StunServerOptions
{
    /// <summary>Where to listen; at least one endpoint. There is no default: nothing is exposed that was not asked for.</summary>
    public IReadOnlyList<StunListenEndPoint> Listen { get; init; } = [];

    /// <summary>
    /// The second address and port for NAT behaviour discovery (RFC 5780); null, the default, for none. The first UDP endpoint of
    /// <see cref="Listen"/> of the same family then serves all four combinations.
    /// </summary>
    public IPEndPoint? Alternate { get; init; }

    /// <summary>Whether classic clients are answered (RFC 3489); not by default.</summary>
    public bool Classic { get; init; }

    /// <summary>The value of SOFTWARE, at most 509 bytes of UTF-8; null, the default, for none.</summary>
    public string? Software { get; init; }

    /// <summary>
    /// How many replies over UDP a source may cause; <see cref="ReplyRateLimit.Default"/> by default, null for no limit. All UDP sockets of the
    /// server share one allowance; TCP and TLS have none, since their sources are proven.
    /// </summary>
    public ReplyRateLimit? RateLimit { get; init; } = ReplyRateLimit.Default;

    /// <summary>The certificate of TLS listeners, with its private key; null, the default, where there are none. Stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The other certificates of the chain, sent with the certificate; null, the default, for none. Stays the caller's.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>What TCP and TLS connections may cost.</summary>
    public StunConnectionLimits Connections { get; init; } = new();

    /// <summary>
    /// Called with each message sent or received; null, the default, for nobody. On no particular thread: it must return at once
    /// and must not throw.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whether datagrams go through the portable sockets also where the system has calls for many at once; not by default.</summary>
    public bool UsesPortableSockets { get; init; }
}
