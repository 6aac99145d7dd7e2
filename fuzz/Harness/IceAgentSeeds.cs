using System;
using System.Collections.Generic;
using System.Linq;

namespace Stack.Fuzz;

/// <summary>The scripts of corpora/ice-agents: a session for each kind of agents and places, and one for each operation in the middle of it.</summary>
public static class IceAgentSeeds
{
    private const byte Deliver = 0;
    private const byte DeliverAny = 5;
    private const byte Lose = 6;
    private const byte Duplicate = 7;
    private const byte Mutate = 8;
    private const byte Redirect = 9;
    private const byte Forge = 10;
    private const byte Replay = 11;
    private const byte Wait = 12;
    private const byte WaitLong = 15;
    private const byte Introduce = 16;
    private const byte Restart = 17;
    private const byte Data = 18;
    private const byte Rebind = 19;
    private const byte Unreachable = 20;
    private const byte Mislead = 21;
    private const byte Move = 22;
    private const byte Close = 23;

    private static readonly (string Name, byte Bits)[] Agents =
    [
        ("one-component", 0), ("two-components", 1), ("two-streams", 2), ("three-components", 3), ("both-controlling", 8), ("both-controlled", 4),
        ("by-the-book", 48), ("half-by-the-book", 16), ("lite", 64), ("early", 128),
    ];

    private static readonly (string Name, byte Places)[] Places =
    [
        ("open", 0x00), ("two-interfaces", 0x11), ("one-behind-nat", 0x02), ("nats-told", 0x66), ("everything", 0x73),
    ];

    /// <summary>Names and bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create()
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string agents, byte bits) in Agents)
        {
            foreach ((string places, byte bytes) in Places)
            {
                seeds.Add($"{agents}-{places}-connects", [bits, bytes, .. Go(8)]);
            }
        }

        foreach ((string places, byte bytes) in Places)
        {
            void Add(string what, params byte[] script) => seeds.Add($"{places}-{what}", [0, bytes, .. Go(3), .. script, .. Go(3)]);
            Add("loses", Lose, 0, Lose, 0, Wait, 60, Lose, 0);
            Add("twice-and-late", Duplicate, 0, Duplicate, 1, DeliverAny, 2, Wait, 200, DeliverAny, 1);
            Add("changed", Mutate, 0, 2, 0x81, Mutate, 1, 30, 3, Mutate, 2, 60, 0, Deliver, Deliver, Deliver);
            Add("from-elsewhere", Redirect, 0, 0, Redirect, 1, 3, Deliver, Deliver, Deliver, Deliver);
            Add("forged", Forge, 0, 0, Forge, 1, 0x20, Forge, 0, 0x30, Forge, 1, 0x82, Forge, 0, 0xA8, Forge, 1, 0xB2);
            Add("replayed", Replay, 0, 0, Replay, 1, 64, Replay, 0, 65);
            Add("restarted", [Restart, 0, .. Go(1), Introduce, .. Go(4), Restart, 1, Restart, 0, Introduce]);
            Add("data", [.. Go(4), Data, 0, Data, 1, Deliver, Deliver, Redirect, 0, 0, Deliver]);
            Add("rebound", [.. Go(4), Rebind, 0, .. Go(4), WaitLong, 160, .. Go(2)]);
            Add("refused", Unreachable, 0, Unreachable, 1, Wait, 50);
            Add("misled", Mislead, 0, 0, Mislead, 1, 2, Mislead, 0, 251, Mislead, 0, 9, WaitLong, 80);
            Add("moved", [Move, 0, 1, Introduce, Move, 0, 0, .. Go(4), Move, 1, 0, Move, 1, 1, Introduce]);
            Add("closed", Close, 0, 1, Deliver, Deliver, Close, 1, 1);
            Add("silent", WaitLong, 255, WaitLong, 255);
        }

        return seeds;
    }

    private static byte[] Go(int rounds) => [.. Enumerable.Repeat((byte[])[Deliver, Deliver, Wait, 20], rounds).SelectMany(static round => round)];
}
