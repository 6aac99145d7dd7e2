using System.Collections.Generic;
using Stack.Signaling;
using Stack.Transport;
using Stack.Turn;
using ConnectionLimit = Stack.Cli.LimitKey<Stack.Transport.TurnConnectionLimits>;
using RelayLimit = Stack.Cli.LimitKey<Stack.Turn.TurnServerLimits>;
using SignalLimit = Stack.Cli.LimitKey<Stack.Signaling.SignalingLimits>;

namespace Stack.Cli;

/// <summary>The limits that a configuration may set, named as the properties that they go to.</summary>
internal static class LimitKeys
{
    private const decimal Day = 86_400;
    private const decimal Many = 1_000_000;
    private const decimal Fast = 1_000_000_000_000;
    private const decimal Instantly = 0.001m;

    /// <summary>All of <see cref="TurnServerLimits"/>.</summary>
    public static IReadOnlyList<LimitKey<TurnServerLimits>> Relaying { get; } =
    [
        RelayLimit.Count("allocations-per-user", 1, Many, l => l.AllocationsPerUser, (l, v) => l with { AllocationsPerUser = v }),
        RelayLimit.Count("allocations-per-source", 1, Many, l => l.AllocationsPerSource, (l, v) => l with { AllocationsPerSource = v }),
        RelayLimit.Count("allocations", 1, Many, l => l.Allocations, (l, v) => l with { Allocations = v }),
        RelayLimit.Count("permissions-per-allocation", 1, 65_536, l => l.PermissionsPerAllocation, (l, v) => l with { PermissionsPerAllocation = v }),
        RelayLimit.Count("channels-per-allocation", 1, 4096, l => l.ChannelsPerAllocation, (l, v) => l with { ChannelsPerAllocation = v }),
        RelayLimit.Count("peers-per-request", 1, 256, l => l.PeersPerRequest, (l, v) => l with { PeersPerRequest = v }),
        RelayLimit.Count("connections-per-allocation", 1, 65_536, l => l.ConnectionsPerAllocation, (l, v) => l with { ConnectionsPerAllocation = v }),
        RelayLimit.Count("first-port", 1, 65_535, l => l.FirstPort, (l, v) => l with { FirstPort = v }),
        RelayLimit.Count("last-port", 1, 65_535, l => l.LastPort, (l, v) => l with { LastPort = v }),
        RelayLimit.Count("authentication-failures", 1, Many, l => l.AuthenticationFailures, (l, v) => l with { AuthenticationFailures = v }),
        RelayLimit.Rate("bytes-per-second-per-allocation", Fast, l => l.BytesPerSecondPerAllocation, (l, v) => l with { BytesPerSecondPerAllocation = v }),
        RelayLimit.Rate("bytes-per-second-per-user", Fast, l => l.BytesPerSecondPerUser, (l, v) => l with { BytesPerSecondPerUser = v }),
        RelayLimit.Rate("bytes-per-second", Fast, l => l.BytesPerSecond, (l, v) => l with { BytesPerSecond = v }),
        RelayLimit.Time("default-lifetime", 1, Day, l => l.DefaultLifetime, (l, v) => l with { DefaultLifetime = v }),
        RelayLimit.Time("max-lifetime", 1, Day, l => l.MaxLifetime, (l, v) => l with { MaxLifetime = v }),

        // RFC 8656 section 5: a nonce is renewed at least once an hour.
        RelayLimit.Time("nonce-lifetime", 1, 3600, l => l.NonceLifetime, (l, v) => l with { NonceLifetime = v }),
        RelayLimit.Time("port-quarantine", 0, Day, l => l.PortQuarantine, (l, v) => l with { PortQuarantine = v }),

        // RFC 8656 section 7.2 and RFC 6062 section 5.2: 30 s at least.
        RelayLimit.Time("reservation-lifetime", 30, 3600, l => l.ReservationLifetime, (l, v) => l with { ReservationLifetime = v }),
        RelayLimit.Time("connect-timeout", 30, 3600, l => l.ConnectTimeout, (l, v) => l with { ConnectTimeout = v }),
        RelayLimit.Time("connection-bind-timeout", 30, 3600, l => l.ConnectionBindTimeout, (l, v) => l with { ConnectionBindTimeout = v }),
    ];

    /// <summary>Those of <see cref="SignalingLimits"/> that count what there is and what comes.</summary>
    public static IReadOnlyList<LimitKey<SignalingLimits>> Signaling { get; } =
    [
        SignalLimit.Count("connections", 1, Many, l => l.MaxConnections, (l, v) => l with { MaxConnections = v }),
        SignalLimit.Count("connections-per-address", 1, Many, l => l.MaxConnectionsPerAddress, (l, v) => l with { MaxConnectionsPerAddress = v }),
        SignalLimit.Count("connects-per-second", 1, Many, l => l.ConnectsPerSecond, (l, v) => l with { ConnectsPerSecond = v }),
        SignalLimit.Count("peers", 2, 256, l => l.MaxPeers, (l, v) => l with { MaxPeers = v }),
        SignalLimit.Count("peers-in-open-session", 2, Many, l => l.MaxPeersInOpenSession, (l, v) => l with { MaxPeersInOpenSession = v }),
        SignalLimit.Count("sessions", 1, Many, l => l.MaxSessions, (l, v) => l with { MaxSessions = v }),
        SignalLimit.Count("messages-per-second", 1, Many, l => l.MessagesPerSecond, (l, v) => l with { MessagesPerSecond = v }),
        SignalLimit.Count("message-burst", 1, Many, l => l.MessageBurst, (l, v) => l with { MessageBurst = v }),
        SignalLimit.Count("session-messages-per-second", 1, Many, l => l.SessionMessagesPerSecond, (l, v) => l with { SessionMessagesPerSecond = v }),
        SignalLimit.Time("first-message-timeout", Instantly, Day, l => l.FirstMessageTimeout, (l, v) => l with { FirstMessageTimeout = v }),
        SignalLimit.Time("resume-grace", 0, Day, l => l.ResumeGrace, (l, v) => l with { ResumeGrace = v }),
        SignalLimit.Time("heartbeat-interval", Instantly, Day, l => l.HeartbeatInterval, (l, v) => l with { HeartbeatInterval = v }),
        SignalLimit.Time("process-timeout", Instantly, Day, l => l.ProcessTimeout, (l, v) => l with { ProcessTimeout = v }),
    ];

    /// <summary>All of <see cref="TurnConnectionLimits"/>.</summary>
    public static IReadOnlyList<LimitKey<TurnConnectionLimits>> Connections { get; } =
    [
        ConnectionLimit.Count("max-connections", 1, Many, l => l.MaxConnections, (l, v) => l with { MaxConnections = v }),
        ConnectionLimit.Count("max-unauthenticated", 1, Many, l => l.MaxUnauthenticated, (l, v) => l with { MaxUnauthenticated = v }),
        ConnectionLimit.Count(
            "max-unauthenticated-per-source", 1, Many, l => l.MaxUnauthenticatedPerSource, (l, v) => l with { MaxUnauthenticatedPerSource = v }),
        ConnectionLimit.Count(
            "max-unauthenticated-message-size",
            20,
            65_552,
            l => l.MaxUnauthenticatedMessageSize,
            (l, v) => l with { MaxUnauthenticatedMessageSize = v }),
        ConnectionLimit.Count("send-queue-size", 131_072, 16_777_216, l => l.SendQueueSize, (l, v) => l with { SendQueueSize = v }),
        ConnectionLimit.Time("handshake-timeout", Instantly, Day, l => l.HandshakeTimeout, (l, v) => l with { HandshakeTimeout = v }),
        ConnectionLimit.Time("first-message-timeout", Instantly, Day, l => l.FirstMessageTimeout, (l, v) => l with { FirstMessageTimeout = v }),
        ConnectionLimit.Time("authentication-timeout", Instantly, Day, l => l.AuthenticationTimeout, (l, v) => l with { AuthenticationTimeout = v }),
        ConnectionLimit.Time("idle-timeout", Instantly, Day, l => l.IdleTimeout, (l, v) => l with { IdleTimeout = v }),
        ConnectionLimit.Time("stall-timeout", Instantly, Day, l => l.StallTimeout, (l, v) => l with { StallTimeout = v }),
    ];
}
