using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>What the operator has set. Times are ticks of 100 ns.</summary>
internal sealed record ModelSettings
{
    public string Realm { get; init; } = "example.org";

    public IReadOnlyList<ModelUser> Users { get; init; } = [];

    public IReadOnlyList<ModelRelayAddress> RelayAddresses { get; init; } = [];

    public ModelPolicy Policy { get; init; } = new();

    public IReadOnlyList<(ReferenceAddress Address, string? Domain)> AlternateServers { get; init; } = [];

    public bool RelaysUdp { get; init; } = true;

    public bool RelaysTcp { get; init; } = true;

    public bool Sha256OverUdp { get; init; }

    public bool Sha256OverStreams { get; init; } = true;

    public bool Userhash { get; init; }

    public bool DontFragment { get; init; } = true;

    public bool StrictAmplification { get; init; }

    public bool RedirectsAll { get; init; }

    public bool Rfc5766Channels { get; init; }

    public string? Software { get; init; }

    public int AllocationsPerUser { get; init; } = 10;

    public int AllocationsPerSource { get; init; } = 50;

    public int Allocations { get; init; } = 10_000;

    public int Permissions { get; init; } = 128;

    public int Channels { get; init; } = 64;

    public int PeersPerRequest { get; init; } = 16;

    public int Connections { get; init; } = 32;

    public long DefaultLifetime { get; init; } = 600 * TimeSpan.TicksPerSecond;

    public long MaxLifetime { get; init; } = 3600 * TimeSpan.TicksPerSecond;

    public long NonceLifetime { get; init; } = 600 * TimeSpan.TicksPerSecond;

    public int FirstPort { get; init; } = 49152;

    public int LastPort { get; init; } = 65535;

    public long Quarantine { get; init; } = 30 * TimeSpan.TicksPerSecond;

    public long ReservationLifetime { get; init; } = 30 * TimeSpan.TicksPerSecond;

    public long AllocationRate { get; init; } = 6_250_000;

    public long UserRate { get; init; }

    public long TotalRate { get; init; }

    public int Failures { get; init; } = 5;

    public long ConnectTimeout { get; init; } = 30 * TimeSpan.TicksPerSecond;

    public long BindTimeout { get; init; } = 30 * TimeSpan.TicksPerSecond;

    /// <summary>Replies per second, at once, and per second in all; null for no limit.</summary>
    public (int PerSecond, int Burst, int Global)? Replies { get; init; } = (10, 20, 20_000);
}
