using Stack.Stun;

namespace Stack.Turn;

/// <summary>A channel bound to a peer (RFC 8656 section 12).</summary>
internal sealed class ChannelBinding(ChannelNumber number, PeerAddress peer, AllocatedRelay relay, Instant expires)
{
    public ChannelNumber Number { get; } = number;

    public PeerAddress Peer { get; } = peer;

    public AllocatedRelay Relay { get; } = relay;

    public Instant Expires { get; set; } = expires;

    public bool IsActive(Instant now) => now < Expires;
}
