using System;
using System.Collections.Generic;
using Stack.Signaling;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>Makes ICE servers of what a signaling server tells. What cannot be used is left out, with a warning.</summary>
internal static class SessionServers
{
    /// <summary>How many servers of one signaling server are used.</summary>
    public const int MaxServers = 8;

    public static IReadOnlyList<IceServer> Read(RelayServers told, ICollection<string> warnings)
    {
        var servers = new List<IceServer>();
        foreach (RelayServer one in told.Servers)
        {
            foreach (string url in one.Urls)
            {
                if (servers.Count == MaxServers)
                {
                    return servers;
                }

                if (Read(one, url, warnings) is { } server)
                {
                    servers.Add(server);
                }
            }
        }

        return servers;
    }

    private static IceServer? Read(RelayServer told, string url, ICollection<string> warnings)
    {
        bool isTurn = url.StartsWith("turn", StringComparison.OrdinalIgnoreCase);
        if (!isTurn && !url.StartsWith("stun", StringComparison.OrdinalIgnoreCase))
        {
            warnings.Add("the signaling server names a server that is neither STUN nor TURN");
            return null;
        }

        try
        {
            if (!isTurn)
            {
                return new IceServer(url);
            }

            if (told.Username is null || told.Credential is null)
            {
                warnings.Add("the signaling server names a TURN server without a credential");
                return null;
            }

            return new IceServer(url, new LongTermCredential(told.Username, told.Credential));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            warnings.Add("the signaling server names a server that cannot be read");
            return null;
        }
    }
}
