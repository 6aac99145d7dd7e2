using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Stack.Signaling.Server;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>Turns a configuration into the options of the signaling server, with the STUN and TURN servers that peers are told.</summary>
internal static class ServeSignalOptions
{
    public static SignalingServerOptions Create(
        ServeConfiguration configuration,
        IReadOnlyList<StunListenEndPoint> endPoints,
        ServeCertificate? certificate,
        Action<ServerLogRecord> log,
        TimeProvider time)
    {
        SignalConfiguration signal = configuration.Signal;
        return new SignalingServerOptions
        {
            Listen = signal.Listen,
            Certificate = certificate?.Leaf,
            CertificateChain = certificate?.Chain,
            AllowedOrigins = signal.Origins,
            ListingToken = signal.Token,
            RelayUris = signal.Relays.Count != 0 ? signal.Relays : GetOwnServers(configuration, endPoints),
            RelaySecret = configuration.AuthSecrets.Count == 0 ? default : configuration.AuthSecrets[0],
            RelaySecretHash = configuration.AuthSecretHash,
            Redis = signal.Redis,
            Limits = signal.Limits,
            Log = log,
            TimeProvider = time,
        };
    }

    /// <summary>Says what peers will miss.</summary>
    /// <returns>Null where they miss nothing.</returns>
    public static string? FindMissing(ServeConfiguration configuration, SignalingServerOptions options)
    {
        if (options.RelayUris.Any(static uri => uri.IsTurn))
        {
            return null;
        }

        return configuration switch
        {
            { Signal.Relays.Count: not 0 } => "signal-relay names no TURN server: peers that cannot reach each other directly do not meet",
            { Listen.Count: 0 } => "there is no STUN or TURN server for peers: add --listen, --realm and --auth-secret-file, or name others with --signal-relay",
            { AuthSecrets.Count: 0 } => "peers get no relay credentials: auth-secret-file is missing (and realm), which the TURN server of this process checks them with",
            _ => "the TURN server listens on no address that peers can be told: name it with --signal-relay",
        };
    }

    /// <summary>
    /// The servers of this process by the addresses that others reach them at. TLS is left out: its certificate is for a name, and the name is not known here.
    /// </summary>
    private static List<StunUri> GetOwnServers(ServeConfiguration configuration, IReadOnlyList<StunListenEndPoint> endPoints)
    {
        Dictionary<TransportAddress, TransportAddress> outside = [];
        foreach (RelayAddress relay in configuration.PairRelays(out _))
        {
            outside[relay.Local.WithPort(0)] = relay.Advertised;
        }

        List<(StunTransport Transport, TransportAddress Address)> reachable = [];
        foreach (StunListenEndPoint one in endPoints)
        {
            if (one.Transport != StunTransport.Tls && !one.EndPoint.Address.IsIPv6LinkLocal)
            {
                TransportAddress host = TransportAddress.FromIPAddress(one.EndPoint.Address, 0);
                TransportAddress known = outside.GetValueOrDefault(host, host);
                reachable.Add((one.Transport, known.WithPort(one.EndPoint.Port)));
            }
        }

        // Loopback is for trying it out on one machine: with anything else beside it, it would only lead others to themselves.
        if (reachable.Exists(static one => !IPAddress.IsLoopback(one.Address.ToIPAddress())))
        {
            reachable.RemoveAll(static one => IPAddress.IsLoopback(one.Address.ToIPAddress()));
        }

        List<StunUri> uris = [];
        foreach ((StunTransport transport, TransportAddress address) in reachable)
        {
            if (transport == StunTransport.Udp)
            {
                uris.Add(StunUri.Parse($"stun:{address}"));
            }
        }

        if (configuration.AuthSecrets.Count != 0)
        {
            uris.AddRange(reachable.Select(static one => StunUri.Parse($"turn:{one.Address}?transport={(one.Transport == StunTransport.Udp ? "udp" : "tcp")}")));
        }

        return uris;
    }
}
