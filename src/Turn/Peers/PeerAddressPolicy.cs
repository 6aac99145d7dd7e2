using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Which peers a server relays to. Immutable and safe for concurrent use. Asked where a permission or a channel is made, a connection opened or
/// accepted, and where data goes to an endpoint for the first time.
/// </summary>
public sealed class PeerAddressPolicy
{
    /// <summary>Makes a policy.</summary>
    /// <param name="rules">The operator's part of it.</param>
    public PeerAddressPolicy(PeerAddressRules rules)
    {
    }

    /// <summary>Judges an address without its port, as for a permission. The server's own relay addresses pass: their ports are judged later.</summary>
    /// <param name="peer">The peer.</param>
    public PeerVerdict JudgeAddress(PeerAddress peer) => throw new NotImplementedException();

    /// <summary>Judges an endpoint.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="isLiveRelay">Whether it is the relayed address of a live allocation of this server.</param>
    public PeerVerdict Judge(PeerAddress peer, bool isLiveRelay) => throw new NotImplementedException();
}
