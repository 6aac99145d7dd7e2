using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Signaling.Server;

/// <summary>What a <see cref="SignalingServerHost"/> serves, and how.</summary>
public sealed record SignalingServerOptions
{
    /// <summary>Where it listens; at least one.</summary>
    public IReadOnlyList<SignalingListenEndPoint> Listen { get; init; } = [];

    /// <summary>The certificate of <c>https</c> endpoints with its private key; stays the caller's and must outlive the server. Reloadable.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificates between <see cref="Certificate"/> and a root that clients know. Reloadable.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>
    /// Origins of other sites whose pages may connect, such as <c>https://example.org</c>; <c>*</c> for all. The server's own page always may, and so may
    /// whoever is no browser. Reloadable.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The bearer token that opens the listing of sessions, 16 characters at least; null for no listing. Reloadable.</summary>
    public string? ListingToken { get; init; }

    /// <summary>The STUN and TURN servers that peers are told, by their URIs (RFC 7064, RFC 7065). Reloadable.</summary>
    public IReadOnlyList<StunUri> RelayUris { get; init; } = [];

    /// <summary>The secret that those TURN servers check expiring credentials with, 16 bytes at least; needed where there is a TURN server. Reloadable.</summary>
    public ReadOnlyMemory<byte> RelaySecret { get; init; }

    /// <summary>How passwords are made from it. Reloadable.</summary>
    public ExpiringPasswordHash RelaySecretHash { get; init; }

    /// <summary>How long relay credentials are good. Reloadable.</summary>
    public TimeSpan RelayCredentialLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The store over which processes share their sessions; null where this process is the only one.</summary>
    public RedisEndPoint? Redis { get; init; }

    /// <summary>What peers and addresses may use.</summary>
    public SignalingLimits Limits { get; init; } = SignalingLimits.Default;

    /// <summary>Open connections of one address (IPv6: one /64) that are no WebSocket yet.</summary>
    public int PendingConnectionsPerAddress { get; init; } = 32;

    /// <summary>How long a WebSocket is idle before it is pinged.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a ping may take.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client has to answer a close, and to end a message that it has begun.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes what the operator should know, from any thread and without waiting; null for nobody.</summary>
    public Action<ServerLogRecord>? Log { get; init; }

    /// <summary>The clock. Pings and the limits of HTTP go by the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
