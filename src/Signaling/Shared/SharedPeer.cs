namespace Stack.Signaling;

/// <summary>A peer as other processes know it.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Token">PeerJS: the token with which it connects again; null for others.</param>
public sealed record SharedPeer(SessionPeer Peer, string? Token = null)
{
    /// <summary>The number and the dialect: the token is not shown.</summary>
    public override string ToString() => $"{Peer.Id} ({Peer.Dialect})";
}
