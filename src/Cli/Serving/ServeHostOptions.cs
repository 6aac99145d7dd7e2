using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>Turns a configuration into the options of the server.</summary>
internal static class ServeHostOptions
{
    private static readonly string[] DefaultListen = ["udp://127.0.0.1:3478", "tcp://127.0.0.1:3478", "udp://[::1]:3478", "tcp://[::1]:3478"];

    public static TurnServerHostOptions Create(
        ServeConfiguration configuration,
        ICredentialSource? credentials,
        ServeCertificate? certificate,
        Action<StunTrace>? trace,
        Action<ServerLogRecord> log,
        TimeProvider time)
    {
        var defaults = new TurnServerHostOptions();
        return new TurnServerHostOptions
        {
            Listen = configuration.Listen,
            Realm = configuration.Realm ?? "",
            RelayAddresses = configuration.PairRelays(out _),
            Credentials = credentials,
            PeerRules = new PeerAddressRules
            {
                Allow = configuration.AllowPeers,
                Deny = configuration.DenyPeers,
                AllowPorts = configuration.AllowPeerPorts,
                RelaysOnly = configuration.RelaysOnly,
            },
            Limits = configuration.Limits,
            RelaysUdp = configuration.RelayUdp,
            RelaysTcp = configuration.RelayTcp,
            AcceptsRfc5766Channels = configuration.Rfc5766Channels,
            UsesPortableSockets = configuration.PortableSockets,
            Alternate = configuration.Alternate,
            Classic = configuration.Classic,
            Software = configuration.Software,
            ReplyRateLimit = configuration.Replies,
            Certificate = certificate?.Leaf,
            CertificateChain = certificate?.Chain,
            Connections = configuration.Connections,
            Shards = configuration.Shards ?? defaults.Shards,
            NonceKey = configuration.NonceKey ?? [],
            AlternateServers = configuration.AlternateServers,
            RedirectsAll = configuration.RedirectsAll,
            StrictAmplification = configuration.StrictAmplification,
            OffersSha256OverUdp = configuration.Sha256OverUdp,
            OffersSha256OverStreams = configuration.Sha256OverStreams,
            OffersUsernameAnonymity = configuration.UsernameAnonymity,
            Trace = trace,
            Log = log,
            TimeProvider = time,
        };
    }

    /// <summary>Loopback, where nothing is said.</summary>
    public static IReadOnlyList<StunListenEndPoint> GetDefaultListen()
    {
        var listen = new List<StunListenEndPoint>();
        foreach (string text in DefaultListen)
        {
            if (StunListenEndPoint.TryParse(text, out StunListenEndPoint? one)
                && (one.EndPoint.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6))
            {
                listen.Add(one);
            }
        }

        return listen;
    }

    /// <summary>The addresses that relayed ones are on where none are named: those that the server listens on.</summary>
    public static IReadOnlyList<TransportAddress> GetDefaultRelays(IReadOnlyList<StunListenEndPoint> listen)
        => [.. listen
            .Where(one => !one.EndPoint.Address.Equals(IPAddress.Any) && !one.EndPoint.Address.Equals(IPAddress.IPv6Any))
            .Select(one => TransportAddress.FromIPAddress(one.EndPoint.Address, 0))
            .Distinct()];
}
