using System;
using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>What one peer, one address and all of them together may use.</summary>
public sealed record SignalingLimits
{
    /// <summary>The limits for servers that anybody can reach.</summary>
    public static SignalingLimits Default { get; } = new();

    /// <summary>Open sockets in all.</summary>
    public int MaxConnections { get; init; } = 5000;

    /// <summary>Open sockets of one address.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 20;

    /// <summary>Connections a second of one address; as many at once.</summary>
    public int ConnectsPerSecond { get; init; } = 10;

    /// <summary>Peers of one session.</summary>
    public int MaxPeers { get; init; } = 8;

    /// <summary>Peers of one of <see cref="OpenSessions"/>.</summary>
    public int MaxPeersInOpenSession { get; init; } = 256;

    /// <summary>Sessions that are rather a space of names: many peers, and nothing that is not addressed to somebody is passed on.</summary>
    public IReadOnlySet<string> OpenSessions { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "libdatachannel", "peerjs" };

    /// <summary>Sessions, empty ones included; the one that has been empty for longest is forgotten for a new one.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>The bytes of a message without a description.</summary>
    public int MaxMessageSize { get; init; } = 16 * 1024;

    /// <summary>The bytes of a message with a description.</summary>
    public int MaxDescriptionSize { get; init; } = 64 * 1024;

    /// <summary>Messages a second of one connection, on average.</summary>
    public int MessagesPerSecond { get; init; } = 20;

    /// <summary>Messages of one connection at once.</summary>
    public int MessageBurst { get; init; } = 60;

    /// <summary>Messages a second from the peers of one session to each other, on average; twice as many at once.</summary>
    public int SessionMessagesPerSecond { get; init; } = 500;

    /// <summary>Messages that wait for one peer, whether it has a socket or is about to come back.</summary>
    public int MaxQueuedMessages { get; init; } = 256;

    /// <summary>Bytes that wait for one peer.</summary>
    public int MaxQueuedBytes { get; init; } = 256 * 1024;

    /// <summary>How long a socket may be silent before its first message.</summary>
    public TimeSpan FirstMessageTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer of the own dialect keeps its place without a socket.</summary>
    public TimeSpan ResumeGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a PeerJS peer may be silent.</summary>
    public TimeSpan PeerJsAliveTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a message waits for a PeerJS peer that is not there.</summary>
    public TimeSpan PeerJsAbsentTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an empty session remembers which numbers it gave.</summary>
    public TimeSpan EmptySessionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Shared mode: how often a process says that it lives.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Shared mode: after how long without a word the peers of a process are gone.</summary>
    public TimeSpan ProcessTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
