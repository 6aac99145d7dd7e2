using System;

namespace Stack.Turn;

/// <summary>
/// How much a server gives to whom. The defaults are for the open internet. Counts are at least 1 and durations above zero unless said otherwise.
/// </summary>
public sealed record TurnServerLimits
{
    /// <summary>Allocations of one account at once, all loops together; 10 by default. Beyond it 486.</summary>
    public int AllocationsPerUser { get; init; } = 10;

    /// <summary>Allocations at once from one IPv4 address or IPv6 /64; 50 by default. Beyond it 486.</summary>
    public int AllocationsPerSource { get; init; } = 50;

    /// <summary>Allocations at once; 10,000 by default. Beyond it 508, or 300 where there are alternate servers.</summary>
    public int Allocations { get; init; } = 10_000;

    /// <summary>Permissions of one allocation at once; 128 by default. Beyond it 508.</summary>
    public int PermissionsPerAllocation { get; init; } = 128;

    /// <summary>Channels of one allocation at once, 1 to 4096; 64 by default. Beyond it 508.</summary>
    public int ChannelsPerAllocation { get; init; } = 64;

    /// <summary>XOR-PEER-ADDRESS attributes in one CreatePermission; 16 by default. Beyond it 508.</summary>
    public int PeersPerRequest { get; init; } = 16;

    /// <summary>Connections to peers of one TCP allocation at once; 32 by default. Beyond it 508 (RFC 6062).</summary>
    public int ConnectionsPerAllocation { get; init; } = 32;

    /// <summary>The lifetime of an allocation that asks for none; 600 s by default, as RFC 8656 section 6 has it.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The longest lifetime that is granted; 3600 s by default. At least the default lifetime.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>How long a nonce is valid; 600 s by default, 3600 s at most (RFC 8656 section 5).</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The first relayed port; 49152 by default.</summary>
    public int FirstPort { get; init; } = 49152;

    /// <summary>The last relayed port, inclusive; 65535 by default.</summary>
    public int LastPort { get; init; } = 65535;

    /// <summary>How long a freed port is not given out again; 30 s by default, zero for not at all.</summary>
    public TimeSpan PortQuarantine { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a port reserved by EVEN-PORT is held; 30 s by default, the least that RFC 8656 section 7.2 allows.</summary>
    public TimeSpan ReservationLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Application data of one allocation per second and direction, in bytes; 6,250,000 (50 Mbit/s) by default, 0 for no limit.</summary>
    public long BytesPerSecondPerAllocation { get; init; } = 6_250_000;

    /// <summary>The same for all allocations of one account together; 0, no limit, by default.</summary>
    public long BytesPerSecondPerUser { get; init; }

    /// <summary>The same for the whole server; 0, no limit, by default.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Failed attempts to authenticate from one source in 10 s, after which it gets no answer for 30 s; 5 by default.</summary>
    public int AuthenticationFailures { get; init; } = 5;

    /// <summary>How long a peer may take to accept a TCP connection; 30 s by default, the least that RFC 6062 section 5.2 allows.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a peer's TCP connection waits for the client's; 30 s (RFC 6062 sections 5.2 and 5.3).</summary>
    public TimeSpan ConnectionBindTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
