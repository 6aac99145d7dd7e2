using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Makes what the state machines are told of the options of a host.</summary>
internal static class ServerSettings
{
    /// <summary>The options of the state machines.</summary>
    /// <param name="options">The options of the host.</param>
    /// <param name="endPoints">Where it listens, with real ports.</param>
    /// <param name="alternate">Its endpoints for NAT behaviour discovery; null for none.</param>
    public static TurnServerOptions Create(
        TurnServerHostOptions options,
        IReadOnlyList<StunListenEndPoint> endPoints,
        AlternateAddresses? alternate)
    {
        IReadOnlyList<RelayAddress> relays = options.Credentials is null ? [] : HostOptionsCheck.GetRelayAddresses(options);
        PeerAddressRules rules = options.PeerRules;
        bool streams = endPoints.Any(static endPoint => endPoint.Transport != StunTransport.Udp);
        int allocations = DescriptorLimit.Clamp(
            DescriptorLimit.Get(),
            options.Limits.Allocations,
            streams ? options.Connections.MaxConnections : 0);
        return new TurnServerOptions
        {
            Realm = options.Realm.Length == 0 ? "stun" : options.Realm,
            RelayAddresses = relays,
            Peers = new PeerAddressPolicy(rules with
            {
                OwnEndPoints = [.. rules.OwnEndPoints, .. endPoints.Select(static one => TransportAddress.FromIPEndPoint(one.EndPoint))],
                LocalAddresses = [.. rules.LocalAddresses, .. ListenAddresses.GetAll().Select(static one => TransportAddress.FromIPAddress(one, 0))],
                RelayAddresses = [.. rules.RelayAddresses, .. relays.Select(static one => one.Local), .. relays.Select(static one => one.Advertised)],
            }),
            Limits = options.Limits with { Allocations = allocations },
            RelaysUdp = options.RelaysUdp,
            RelaysTcp = options.RelaysTcp,
            AcceptsRfc5766Channels = options.AcceptsRfc5766Channels,
            OffersSha256OverUdp = options.OffersSha256OverUdp,
            OffersSha256OverStreams = options.OffersSha256OverStreams,
            OffersUsernameAnonymity = options.OffersUsernameAnonymity,
            StrictAmplification = options.StrictAmplification,
            AlternateServers = options.AlternateServers,
            RedirectsAll = options.RedirectsAll,
            Software = options.Software,
            Binding = new BindingServerOptions
            {
                Alternate = alternate,
                Classic = options.Classic,
                Software = options.Software,
                RateLimit = options.ReplyRateLimit,
            },
        };
    }

    /// <summary>Throws what the state machines would throw at options that they cannot take, before one that runs is given them.</summary>
    public static void Rehearse(TurnServerOptions server, TurnServerHostOptions options, MonotonicClock clock, RandomNumberGenerator random)
    {
        TurnServerResources resources = CreateResources(server, options, clock, random);
        using var rehearsal = new TurnServer(server, resources, options.Credentials, new NoRelaySockets(), random);
    }

    public static TurnServerResources CreateResources(
        TurnServerOptions server,
        TurnServerHostOptions options,
        MonotonicClock clock,
        RandomNumberGenerator random)
    {
        Span<byte> key = stackalloc byte[32];
        random.GetBytes(key);
        if (!options.NonceKey.IsEmpty)
        {
            options.NonceKey.Span.CopyTo(key);
        }

        DateTimeOffset startedAt = clock.TimeProvider.GetUtcNow() - clock.Now.SinceOrigin;
        var resources = new TurnServerResources(server.Limits, options.ReplyRateLimit, key, startedAt, random);
        CryptographicOperations.ZeroMemory(key);
        return resources;
    }
}
