using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What the operator is told at the start.</summary>
internal static class HostWarnings
{
    private const int LongRealm = 16;
    private const ushort Port = 80;

    private static readonly PeerAddress[] Loopback =
    [
        new(TransportAddress.FromIPv4(0x7FFF_FFFD, Port)),
        new(TransportAddress.FromIPv6(UInt128.One, Port)),
    ];

    public static void Write(ServerJournal journal, TurnServerHostOptions options, TurnServerOptions server, int wantedAllocations)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Warn(journal, "The server runs as root and needs no such rights.");
        }

        if (options.Credentials is null)
        {
            return;
        }

        if (options.Realm.Length > LongRealm)
        {
            Warn(journal, "The realm has more than 16 characters: every challenge grows with it, and forged sources get more than they sent.");
        }

        foreach (RelayAddress relay in server.RelayAddresses)
        {
            if (relay.Local.HasSameAddress(relay.Advertised) && PrivateAddresses.Contains(relay.Local))
            {
                Warn(
                    journal,
                    "CLIENTS ARE GIVEN A PRIVATE RELAY ADDRESS that peers on the internet cannot reach. Give the external address of this machine.",
                    new ServerLogField("relay", relay.Local.ToIPAddress().ToString()));
            }
        }

        if (Array.Exists(Loopback, peer => server.Peers.Judge(peer, isLiveRelay: false) == PeerVerdict.Allowed))
        {
            Warn(journal, "LOOPBACK PEERS ARE ALLOWED: every user of the relay reaches the services of this machine that nobody else can.");
        }

        if (server.Limits.Allocations < wantedAllocations)
        {
            Warn(
                journal,
                "The limit of open files is too low for the allocations that are configured: fewer are given out.",
                new ServerLogField("configured", wantedAllocations),
                new ServerLogField("allocations", server.Limits.Allocations));
        }
    }

    private static void Warn(ServerJournal journal, string message, params IReadOnlyList<ServerLogField> fields)
        => journal.Write(ServerLogLevel.Warning, "configuration", message, null, fields);
}
