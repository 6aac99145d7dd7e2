using System;
using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>The server took a peer in.</summary>
/// <param name="Id">The peer's number.</param>
/// <param name="Resume">The token with which it can come back: a secret.</param>
/// <param name="Grace">How long it keeps its place without a socket.</param>
/// <param name="Resumed">Whether it is back in its place.</param>
/// <param name="Servers">STUN and TURN servers.</param>
/// <param name="CredentialsExpire">How long their credentials are good; null where nothing expires.</param>
/// <param name="Peers">The others in the session.</param>
public sealed record OwnJoined(
    int Id,
    string Resume,
    TimeSpan Grace,
    bool Resumed,
    IReadOnlyList<RelayServer> Servers,
    TimeSpan? CredentialsExpire,
    IReadOnlyList<OwnPeer> Peers) : OwnMessage
{
    /// <summary>The number alone: tokens and credentials are not shown.</summary>
    public override string ToString() => "joined as " + Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
