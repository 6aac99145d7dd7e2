using System;

namespace Stack.Signaling.Tests;

/// <summary>Credentials as signaling.md shows them; none unless a lifetime is given.</summary>
internal sealed class Relays : IRelayCredentials
{
    public static readonly RelayServer Stun = new(["stun:stun.example.org:3478"]);
    public static readonly RelayServer Turn = new(["turn:turn.example.org:3478?transport=udp"], "1795230223:villas", "wJ5…=");
    public static readonly DateTimeOffset Expires = new(2026, 11, 21, 3, 3, 43, TimeSpan.Zero);

    public TimeSpan? Lifetime { get; init; }

    public int Issued { get; private set; }

    public RelayServers Issue(string session, SessionPeer peer)
    {
        Issued++;
        return Lifetime is null ? RelayServers.None : new RelayServers([Stun, Turn], Lifetime, Expires);
    }
}
