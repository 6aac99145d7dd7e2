using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>Draws what operators might set: mostly tight, so that every limit is met.</summary>
internal static class SettingsDraw
{
    private const long Second = TimeSpan.TicksPerSecond;

    public static ModelSettings First(ModelRandom random)
    {
        int first = random.Pick((int[])[49152, 49153, 50048, 65000]);
        int ports = random.Pick((int[])[2, 5, 16, 33, 64, 130, 500]);
        ModelRelayAddress[] relays = DrawRelays(random);
        var settings = new ModelSettings
        {
            RelayAddresses = relays,
            FirstPort = first,
            LastPort = Math.Min(65535, first + ports - 1),
            Quarantine = random.Pick((long[])[0, 5 * Second, 30 * Second, 30 * Second, 120 * Second, 7200 * Second]),
            Policy = DrawPolicy(random, relays),
            Replies = random.Below(3) switch
            {
                0 => null,
                1 => (10, 20, 20_000),
                _ => (2, 3, 40),
            },
        };
        return Redraw(random, settings);
    }

    /// <summary>What a reload may change.</summary>
    public static ModelSettings Redraw(ModelRandom random, ModelSettings settings) => settings with
    {
        Users = DrawUsers(random),
        AlternateServers = random.Below(3) switch
        {
            0 => [(ModelUniverse.Server4 with { Port = 3479 }, "turn.example.org")],
            1 => [(ModelUniverse.Server4 with { Port = 3479 }, null), (ModelUniverse.Server6 with { Port = 3480 }, "six.example.org")],
            _ => [],
        },
        Policy = DrawPolicy(random, settings.RelayAddresses),
        RelaysUdp = !random.OneIn(20),
        RelaysTcp = !random.OneIn(10),
        Sha256OverUdp = random.OneIn(3),
        Sha256OverStreams = !random.OneIn(4),
        Userhash = random.OneIn(3),
        DontFragment = !random.OneIn(4),
        StrictAmplification = random.OneIn(10),
        RedirectsAll = random.OneIn(30),
        Rfc5766Channels = random.OneIn(5),
        Software = random.OneIn(4) ? "Stack" : null,
        AllocationsPerUser = random.Pick((int[])[1, 4, 10, 50]),
        AllocationsPerSource = random.Pick((int[])[2, 4, 50, 50]),
        Allocations = random.Pick((int[])[3, 8, 20, 10_000, 10_000]),
        Permissions = random.Pick((int[])[2, 5, 17, 128]),
        Channels = random.Pick((int[])[1, 3, 64]),
        PeersPerRequest = random.Pick((int[])[3, 16, 16]),
        Connections = random.Pick((int[])[1, 2, 32]),
        DefaultLifetime = random.Pick((long[])[30 * Second, 600 * Second, 600 * Second]),
        MaxLifetime = random.Pick((long[])[600 * Second, 3600 * Second]),
        NonceLifetime = random.Pick((long[])[60 * Second, 600 * Second, 3600 * Second]),
        ReservationLifetime = random.Pick((long[])[30 * Second, 60 * Second]),
        AllocationRate = random.Pick((long[])[0, 100, 6_250_000]),
        UserRate = random.Pick((long[])[0, 0, 200]),
        TotalRate = random.Pick((long[])[0, 0, 500]),
        Failures = random.Pick((int[])[1, 5, 5, 20]),
        ConnectTimeout = 30 * Second,
        BindTimeout = 30 * Second,
    };

    private static ModelRelayAddress[] DrawRelays(ModelRandom random)
    {
        ModelRelayAddress[] all = ModelUniverse.Relays;
        return random.Below(6) switch
        {
            0 => [all[0]],
            1 => [all[3]],
            2 => [all[2], all[3]],
            3 => [all[0], all[1]],
            4 => [all[0], all[3]],
            _ => all,
        };
    }

    private static ModelUser[] DrawUsers(ModelRandom random)
        => ModelUsers.Everybody[..^1].Where(_ => !random.OneIn(10)).ToArray();

    private static ModelPolicy DrawPolicy(ModelRandom random, IReadOnlyList<ModelRelayAddress> relays)
    {
        HashSet<ReferenceAddress> denied = [.. ModelUniverse.DeniedPeers];
        if (random.OneIn(3))
        {
            denied.Add(random.Pick(ModelUniverse.PublicPeers));
        }

        return new ModelPolicy
        {
            Denied = denied,
            OwnEndPoints = new HashSet<ReferenceAddress> { ModelUniverse.Server4, ModelUniverse.Server6 },
            Relays = relays.SelectMany(relay => (ReferenceAddress[])[relay.Local, relay.Advertised]).ToHashSet(),
            RelaysOnly = random.OneIn(20),
        };
    }
}
