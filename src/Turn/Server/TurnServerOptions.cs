using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What a <see cref="TurnServer"/> serves. The defaults are for the open internet.</summary>
public sealed record TurnServerOptions
{
    /// <summary>The realm: 1 to 127 characters, best the domain name of the provider. Above 16 characters challenges grow.</summary>
    public required string Realm { get; init; }

    /// <summary>Where relayed addresses come from. A family without one is refused with 440.</summary>
    public required IReadOnlyList<RelayAddress> RelayAddresses { get; init; }

    /// <summary>Which peers are relayed to.</summary>
    public required PeerAddressPolicy Peers { get; init; }

    /// <summary>How much is given to whom.</summary>
    public TurnServerLimits Limits { get; init; } = new();

    /// <summary>Whether relaying to peers over UDP is served; it is by default.</summary>
    public bool RelaysUdp { get; init; } = true;

    /// <summary>Whether relaying to peers over TCP is served (RFC 6062); it is by default.</summary>
    public bool RelaysTcp { get; init; } = true;

    /// <summary>
    /// Whether clients over UDP are offered SHA-256. Not by default: the offer makes a challenge 12 bytes longer, and the source of a datagram may
    /// be forged.
    /// </summary>
    public bool OffersSha256OverUdp { get; init; }

    /// <summary>Whether clients over TCP and TLS are offered SHA-256; they are by default.</summary>
    public bool OffersSha256OverStreams { get; init; } = true;

    /// <summary>Whether USERHASH is accepted in place of USERNAME; not by default.</summary>
    public bool OffersUsernameAnonymity { get; init; }

    /// <summary>Whether the server can set the DF bit. Where not, DONT-FRAGMENT is an unknown attribute (RFC 8656 section 7.2).</summary>
    public bool SupportsDontFragment { get; init; } = true;

    /// <summary>
    /// Whether nothing is sent to an unproven source that is larger than what it sent. Not by default: clients that send a short first request
    /// get no answer.
    /// </summary>
    public bool StrictAmplification { get; init; }

    /// <summary>Servers that clients are sent to when this one drains or is full, in turn; none by default.</summary>
    public IReadOnlyList<AlternateServer> AlternateServers { get; init; } = [];

    /// <summary>Whether all clients are sent to the alternate servers; not by default.</summary>
    public bool RedirectsAll { get; init; }

    /// <summary>
    /// Whether channels up to 0x7FFF can be bound, as RFC 5766 had it; not by default, since RFC 8656 section 12 reserves those above 0x4FFF. Clients
    /// from before 2020 choose among all of them.
    /// </summary>
    public bool AcceptsRfc5766Channels { get; init; }

    /// <summary>The value of SOFTWARE in Allocate and Refresh responses, at most 127 characters; null, the default, for none.</summary>
    public string? Software { get; init; }

    /// <summary>The STUN server on the same endpoints. Its rate limit counts for challenges too.</summary>
    public BindingServerOptions Binding { get; init; } = new() { RateLimit = ReplyRateLimit.Default };
}
