using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;

namespace Stack.Fuzz.Sessions;

/// <summary>Draws sessions: all follows from 64 bits.</summary>
public static class SessionDraw
{
    private static readonly NatMapping[] Mappings = [NatMapping.EndpointIndependent, NatMapping.AddressDependent, NatMapping.AddressAndPortDependent];
    private static readonly NatFiltering[] Filterings = [NatFiltering.EndpointIndependent, NatFiltering.AddressDependent, NatFiltering.AddressAndPortDependent];
    private static readonly int[][] Layouts = [[1], [1], [1], [1], [2], [1, 1], [2, 1], [3], [1, 1, 1], [2, 2], [3, 3, 3]];
    private static readonly int[] Mtus = [0, 0, 0, 1500, 1280, 576];

    /// <summary>The session of a seed.</summary>
    public static SessionPlan Draw(ulong seed)
    {
        using var random = new SimulationRandom(seed ^ 0x5E55_10C0_FFEE_0001);
        Meeting meeting = random.Next(12) switch
        {
            0 => Meeting.SameLan,
            1 => Meeting.SharedCarrier,
            _ => Meeting.Internet,
        };
        double loss = DrawLoss(random);
        int servers = random.Next(8);
        SidePlan a = DrawSide(random, meeting, loss, servers);
        SidePlan b = DrawSide(random, meeting, loss, servers);
        bool isLite = meeting == Meeting.Internet && random.Chance(0.05);
        if (isLite)
        {
            b = b with { IsLite = true, Accesses = [DrawAccess(random, AccessKind.Open)], UsesStun = false, UsesTurn = false, UsesTurnOverTcp = false, IsRelayOnly = false, HasDeadServer = false, Tcp = VirtualTcpCandidates.None };
        }

        bool sameRole = random.Chance(0.2);
        IceRole role = random.Next(2) == 0 ? IceRole.Controlling : IceRole.Controlled;
        IceRole other = role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling;
        TimeSpan least = Ms(random.Next(200));
        return new SessionPlan
        {
            Seed = seed,
            Meeting = meeting,
            A = a with { Role = role },
            B = b with { Role = sameRole ? role : other, StartsAfter = random.Chance(0.3) ? Ms(random.Next(3000)) : TimeSpan.Zero },
            Streams = Layouts[random.Next(Layouts.Length)],
            SignalLeast = least,
            SignalMost = least + Ms(random.Chance(0.1) ? 5000 : random.Next(300)),
            Trickles = random.Chance(0.75),
            HasIntruder = random.Chance(0.3),
            Disturbances = DrawDisturbances(random, isLite, meeting),
        };
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static double DrawLoss(SimulationRandom random) => random.Next(10) switch
    {
        < 4 => 0,
        < 6 => 0.05 * random.NextDouble(),
        < 8 => 0.05 + (0.05 * random.NextDouble()),
        _ => 0.1 + (0.2 * random.NextDouble()),
    };

    private static SidePlan DrawSide(SimulationRandom random, Meeting meeting, double loss, int servers)
    {
        var accesses = new List<Access> { DrawAccess(random, meeting == Meeting.Internet ? DrawKind(random) : AccessKind.Nat) };
        if (meeting == Meeting.Internet && random.Chance(0.2))
        {
            accesses.Add(DrawAccess(random, DrawKind(random)));
        }

        bool turn = servers is 1 or 2 or 3 or 4 or 5 || random.Chance(0.05);
        var side = new SidePlan
        {
            Accesses = accesses,
            IsByTheBook = random.Chance(0.3),
            UsesStun = servers is not 0 and not 1 && !random.Chance(0.05),
            UsesTurn = turn,
            UsesTurnOverTcp = turn && random.Chance(0.5),
            IsRelayOnly = turn && random.Chance(0.1),
            HasDeadServer = random.Chance(0.05),
            Tcp = random.Chance(0.1) ? (VirtualTcpCandidates)(1 + random.Next(3)) : VirtualTcpCandidates.None,
            Link = DrawLink(random, loss / 2),
        };
        return side;
    }

    private static AccessKind DrawKind(SimulationRandom random) => random.Next(20) switch
    {
        < 3 => AccessKind.Open,
        < 4 => AccessKind.Firewalled,
        < 12 => AccessKind.Nat,
        < 14 => AccessKind.DoubleNat,
        < 16 => AccessKind.UdpBlocked,
        < 17 => AccessKind.Open6,
        < 19 => AccessKind.Firewalled6,
        _ => AccessKind.Nat64,
    };

    private static Access DrawAccess(SimulationRandom random, AccessKind kind)
    {
        NatOptions nat = DrawNat(random);
        NatOptions outer = DrawNat(random);
        return new Access(kind, nat, outer with { PairsAddresses = true }, random.Chance(0.15) ? 2 : 1);
    }

    private static NatOptions DrawNat(SimulationRandom random) => new()
    {
        Mapping = Mappings[random.Chance(0.5) ? 0 : random.Next(3)],
        Filtering = Filterings[random.Chance(0.5) ? 2 : random.Next(3)],
        Ports = (NatPortAllocation)random.Next(4),
        Hairpinning = (NatHairpinning)random.Next(3),
        PairsAddresses = !random.Chance(0.1),
        UdpTimeout = TimeSpan.FromSeconds(300),
        RefreshesOnInbound = random.Chance(0.3),
        RejectsConnections = random.Chance(0.2),
    };

    private static LinkProfile DrawLink(SimulationRandom random, double loss)
    {
        TimeSpan least = Ms(random.Chance(0.2) ? random.Next(150) : random.Next(40));
        TimeSpan most = least + Ms(random.Chance(0.4) ? random.Next(50) : 0);
        return new LinkProfile
        {
            Latency = random.Chance(0.5) ? LatencyDistribution.Bell(least, most) : LatencyDistribution.Uniform(least, most),
            Loss = loss,
            MeanLossBurst = loss > 0 && random.Chance(0.2) ? 1 + random.NextDouble() : 1,
            Duplication = random.Chance(0.3) ? 0.2 * random.NextDouble() : 0,
            Reordering = random.Chance(0.3) ? 0.3 * random.NextDouble() : 0,
            KeepsOrder = !random.Chance(0.3),
            Mtu = Mtus[random.Next(Mtus.Length)],
            BitsPerSecond = loss > 0 && random.Chance(0.1) ? 256_000 : 0,
        };
    }

    private static List<Disturbance> DrawDisturbances(SimulationRandom random, bool isLite, Meeting meeting)
    {
        int count = random.Next(10) switch
        {
            < 4 => 0,
            < 8 => 1,
            _ => 2,
        };
        var all = new List<Disturbance>();
        bool restartsOnly = isLite || random.Chance(0.4);
        for (int i = 0; i < count; i++)
        {
            DisturbanceKind kind = restartsOnly ? (DisturbanceKind)random.Next(2) : (DisturbanceKind)random.Next(10);
            if (kind is DisturbanceKind.Renumber or DisturbanceKind.InterfaceAdded && meeting != Meeting.Internet)
            {
                kind = DisturbanceKind.Cut;
            }

            all.Add(new Disturbance(kind, Ms(200 + random.Next(9800)), random.Next(2), Ms(500 + random.Next(kind == DisturbanceKind.ClockJump ? 90_000 : 45_000))));
        }

        return all;
    }
}
