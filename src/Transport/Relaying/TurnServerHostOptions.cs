using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What a <see cref="TurnServerHost"/> serves. The defaults are for the open internet.</summary>
public sealed record TurnServerHostOptions
{
    /// <summary>
    /// Where to listen; at least one endpoint. The same address and port as TCP and as TLS is one listener for both. There is no default: nothing is
    /// exposed that was not asked for.
    /// </summary>
    public IReadOnlyList<StunListenEndPoint> Listen { get; init; } = [];

    /// <summary>The realm: 1 to 127 characters, best 16 at most; needed where there are <see cref="Credentials"/>.</summary>
    public string Realm { get; init; } = "";

    /// <summary>
    /// Where relayed addresses come from: concrete addresses of this machine. Empty, the default, for the addresses of <see cref="Listen"/>, which
    /// must be concrete then.
    /// </summary>
    public IReadOnlyList<RelayAddress> RelayAddresses { get; init; } = [];

    /// <summary>The users; null, the default, for a STUN server without relay. Stays the caller's.</summary>
    public ICredentialSource? Credentials { get; init; }

    /// <summary>
    /// Which peers are relayed to. The host adds its own endpoints, the addresses of this machine and the relay addresses to what stands in it.
    /// </summary>
    public PeerAddressRules PeerRules { get; init; } = new();

    /// <summary>How much is given to whom.</summary>
    public TurnServerLimits Limits { get; init; } = new();

    /// <summary>Whether relaying to peers over UDP is served; it is by default.</summary>
    public bool RelaysUdp { get; init; } = true;

    /// <summary>Whether relaying to peers over TCP is served (RFC 6062); it is by default.</summary>
    public bool RelaysTcp { get; init; } = true;

    /// <summary>
    /// Whether channels up to 0x7FFF can be bound, as RFC 5766 had it; not by default, since RFC 8656 section 12 reserves those above 0x4FFF.
    /// </summary>
    public bool AcceptsRfc5766Channels { get; init; }

    /// <summary>
    /// The second address and port for NAT behaviour discovery (RFC 5780); null, the default, for none. The first UDP endpoint of
    /// <see cref="Listen"/> of the same family then serves all four combinations.
    /// </summary>
    public IPEndPoint? Alternate { get; init; }

    /// <summary>Whether classic clients are answered (RFC 3489); not by default.</summary>
    public bool Classic { get; init; }

    /// <summary>The value of SOFTWARE, at most 509 bytes of UTF-8; null, the default, for none.</summary>
    public string? Software { get; init; }

    /// <summary>How many replies over UDP an unproven source may cause; <see cref="Stun.ReplyRateLimit.Default"/> by default, null for no limit.</summary>
    public ReplyRateLimit? ReplyRateLimit { get; init; } = ReplyRateLimit.Default;

    /// <summary>The certificate of TLS listeners, with its private key; null, the default, where there are none. Stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The other certificates of the chain, sent with the certificate; null, the default, for none. Stays the caller's.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>What TCP and TLS connections may cost.</summary>
    public TurnConnectionLimits Connections { get; init; } = new();

    /// <summary>The number of loops, 1 to 256, each with a thread of its own; by default one for each processor on Linux, elsewhere one.</summary>
    public int Shards { get; init; } = OperatingSystem.IsLinux() ? Math.Clamp(Environment.ProcessorCount, 1, 256) : 1;

    /// <summary>The secret that nonces are made with, 32 bytes, for servers of a fleet to share; empty, the default, for a random one.</summary>
    public ReadOnlyMemory<byte> NonceKey { get; init; }

    /// <summary>Servers that clients are sent to when this one drains or is full; none by default.</summary>
    public IReadOnlyList<AlternateServer> AlternateServers { get; init; } = [];

    /// <summary>Whether all clients are sent to the alternate servers; not by default.</summary>
    public bool RedirectsAll { get; init; }

    /// <summary>Whether nothing is sent to an unproven source that is larger than what it sent; not by default.</summary>
    public bool StrictAmplification { get; init; }

    /// <summary>Whether clients over UDP are offered SHA-256; not by default, since it makes challenges larger.</summary>
    public bool OffersSha256OverUdp { get; init; }

    /// <summary>Whether clients over TCP and TLS are offered SHA-256; they are by default.</summary>
    public bool OffersSha256OverStreams { get; init; } = true;

    /// <summary>Whether USERHASH is accepted in place of USERNAME; not by default.</summary>
    public bool OffersUsernameAnonymity { get; init; }

    /// <summary>
    /// Called with each STUN and ChannelData message from a client, and each reply; null, the default, for nobody. On no particular thread: it must
    /// return at once, and must not call the host. What it throws is ignored.
    /// </summary>
    public Action<StunTrace>? Trace { get; init; }

    /// <summary>
    /// Called with what the server has to say; null, the default, for nobody. On no particular thread, the loops' own among them: it must return at
    /// once, and must not call the host. What it throws is ignored.
    /// </summary>
    public Action<ServerLogRecord>? Log { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether datagrams go through the portable sockets also where the system has calls for many at once; not by default. Then each one costs more,
    /// and DSCP, ECN and ICMP errors are not relayed.
    /// </summary>
    public bool UsesPortableSockets { get; init; }
}
