using Stack.Stun;

namespace Stack.Turn;

/// <summary>A channel bound to a peer (RFC 8656 section 12).</summary>
internal readonly record struct ChannelBinding(ChannelNumber Number, PeerAddress Peer, AllocatedRelay Relay, Instant Expires)
{
    public bool IsActive(Instant now) => now < Expires;
}
