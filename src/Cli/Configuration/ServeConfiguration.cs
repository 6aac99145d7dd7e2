using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>What <c>stackcli serve</c> serves, by its flags or by a file with the same names. Its text never shows a secret.</summary>
internal sealed record ServeConfiguration
{
    public IReadOnlyList<StunListenEndPoint> Listen { get; init; } = [];

    public IReadOnlyList<TransportAddress> RelayAddresses { get; init; } = [];

    /// <summary>What the relay addresses are known as outside, in their order within a family.</summary>
    public IReadOnlyList<TransportAddress> ExternalAddresses { get; init; } = [];

    public string? Realm { get; init; }

    /// <summary>The users of <c>user</c> and <c>users-file</c>.</summary>
    public IReadOnlyList<StaticUser> Users { get; init; } = [];

    /// <summary>The secrets of <c>auth-secret-file</c>, the current one first.</summary>
    public IReadOnlyList<byte[]> AuthSecrets { get; init; } = [];

    public ExpiringPasswordHash AuthSecretHash { get; init; }

    public IReadOnlyList<AddressPrefix> AllowPeers { get; init; } = [];

    public IReadOnlyList<AddressPrefix> DenyPeers { get; init; } = [];

    public IReadOnlyList<PortRange> AllowPeerPorts { get; init; } = [];

    public bool RelaysOnly { get; init; }

    public IPEndPoint? Alternate { get; init; }

    public bool Classic { get; init; }

    /// <summary>The file with the certificate, absolute.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file with its key, absolute; null where both are in one.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>A digest of both files, to see that they have changed; empty where they were not read.</summary>
    public string CertificateDigest { get; init; } = "";

    public string? Software { get; init; }

    public TurnServerLimits Limits { get; init; } = new();

    /// <summary>What TCP and TLS connections may cost.</summary>
    public TurnConnectionLimits Connections { get; init; } = new();

    /// <summary>The replies that sources which have proven nothing may cause; null for no limit.</summary>
    public ReplyRateLimit? Replies { get; init; } = ReplyRateLimit.Default;

    public IReadOnlyList<AlternateServer> AlternateServers { get; init; } = [];

    public bool RedirectsAll { get; init; }

    public bool StrictAmplification { get; init; }

    public bool Sha256OverUdp { get; init; }

    public bool Sha256OverStreams { get; init; } = true;

    public bool UsernameAnonymity { get; init; }

    public bool RelayUdp { get; init; } = true;

    public bool RelayTcp { get; init; } = true;

    /// <summary>On: the server's port carries nothing that a channel above 0x4FFF could be taken for (docs/decisions/0003).</summary>
    public bool Rfc5766Channels { get; init; } = true;

    /// <summary>Whether datagrams are sent and received one by one also where the system can do better.</summary>
    public bool PortableSockets { get; init; }

    /// <summary>The key of <c>nonce-key-file</c>, 32 bytes; null for one that this server makes.</summary>
    public byte[]? NonceKey { get; init; }

    /// <summary>How long SIGTERM waits for allocations to end.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sessions over WebSockets.</summary>
    public SignalConfiguration Signal { get; init; } = new();

    public LogSettings Log { get; init; } = new();

    /// <summary>How many loops; null for one a core.</summary>
    public int? Shards { get; init; }

    /// <summary>Whether there is anybody who may relay.</summary>
    public bool HasCredentials => Users.Count != 0 || AuthSecrets.Count != 0;

    /// <summary>Whether there are sessions to serve and neither STUN nor TURN.</summary>
    public bool IsSignalingAlone => Signal.Listen.Count != 0 && Listen.Count == 0;

    /// <summary>Nothing: a record would show all of its members.</summary>
    public override string ToString() => nameof(ServeConfiguration);

    /// <summary>Joins relay addresses to what they are known as outside.</summary>
    /// <param name="problem">Why they do not fit; else null.</param>
    public IReadOnlyList<RelayAddress> PairRelays(out string? problem)
    {
        problem = null;
        List<RelayAddress> pairs = [];
        foreach (StunAddressFamily family in new[] { StunAddressFamily.IPv4, StunAddressFamily.IPv6 })
        {
            List<TransportAddress> relays = OfFamily(RelayAddresses, family);
            List<TransportAddress> outside = OfFamily(ExternalAddresses, family);
            if (outside.Count != 0 && outside.Count != relays.Count)
            {
                problem = $"there are {outside.Count} of {family} for {relays.Count} of relay-address: one for each is needed, in the same order";
                return [];
            }

            for (int i = 0; i < relays.Count; i++)
            {
                pairs.Add(new RelayAddress(relays[i], outside.Count == 0 ? relays[i] : outside[i]));
            }
        }

        return pairs;
    }

    /// <summary>Finds what does not go together, once flags and file are one.</summary>
    /// <param name="key">The key to change.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public string? FindConflict(out string key)
    {
        (key, string? problem) = this switch
        {
            { Certificate: null, CertificateKey: not null } => ("key", "there is no cert"),
            { Certificate: null } when HasTls() => ("cert", "listening on tls:// or https:// needs a certificate"),
            { HasCredentials: true, Realm: null } when !IsSignalingAlone => ("realm", "users need a realm: best the domain name of the service"),
            { RedirectsAll: true, AlternateServers.Count: 0 } => ("redirect-all", "there are no alternate-servers to go to"),
            { Signal.Listen.Count: 0 } when FindSignalKey() is { } signal => (signal, "there is no signal to listen on"),
            { AuthSecrets.Count: 0 } when Signal.Relays.Any(static uri => uri.IsTurn)
                => ("signal-relay", "peers need credentials for a TURN server: set auth-secret-file to the secret that it checks them with"),
            { RelayUdp: false, RelayTcp: false } => ("relay-udp", "without relay-udp and relay-tcp nothing is relayed"),
            _ => ("", null),
        };
        if (problem is null)
        {
            PairRelays(out problem);
            key = problem is null ? "" : "external-address";
        }

        return problem;
    }

    private static List<TransportAddress> OfFamily(IReadOnlyList<TransportAddress> addresses, StunAddressFamily family)
    {
        List<TransportAddress> found = [];
        foreach (TransportAddress address in addresses)
        {
            if (address.Family == family)
            {
                found.Add(address);
            }
        }

        return found;
    }

    private string? FindSignalKey() => Signal switch
    {
        { Origins.Count: not 0 } => "signal-origin",
        { Relays.Count: not 0 } => "signal-relay",
        { Token: not null } => "signal-token-file",
        { Redis: not null } => "signal-redis",
        _ => null,
    };

    private bool HasTls()
    {
        if (Signal.Listen.Any(static listen => listen.UsesTls))
        {
            return true;
        }

        foreach (StunListenEndPoint listen in Listen)
        {
            if (listen.Transport == StunTransport.Tls)
            {
                return true;
            }
        }

        return false;
    }
}
