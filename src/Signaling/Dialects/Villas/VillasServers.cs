using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>The server's first message; <c>{}</c> where there are no relays.</summary>
/// <param name="Servers">STUN and TURN servers.</param>
public sealed record VillasServers(IReadOnlyList<VillasRelay> Servers) : VillasMessage
{
    private protected override void Write(GoJson json)
    {
        if (Servers.Count == 0)
        {
            return;
        }

        json.Open("servers", '[');
        foreach (VillasRelay relay in Servers)
        {
            json.Open()
                .Member("url", relay.Url)
                .Member("user", relay.User)
                .Member("pass", relay.Pass)
                .Member("realm", relay.Realm)
                .Member("expires", relay.Expires ?? default)
                .Close('}');
        }

        json.Close(']');
    }
}
