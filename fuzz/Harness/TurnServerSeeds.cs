using System;
using System.Collections.Generic;
using Stack.Fuzz.Model;

namespace Stack.Fuzz;

/// <summary>The scripts of corpora/turn-server: one for each handler and each way through it, under every set of options.</summary>
public static class TurnServerSeeds
{
    // Places in the script's tables.
    private const byte Allocate = 0;
    private const byte Refresh = 1;
    private const byte CreatePermission = 2;
    private const byte ChannelBind = 3;
    private const byte Connect = 4;
    private const byte ConnectionBind = 5;

    private static readonly byte[] Udp = [0, 0];
    private static readonly byte[] Tcp = [0, 1];
    private static readonly byte[] LifetimeZero = [1, 0];
    private static readonly byte[] LifetimeHour = [1, 2];
    private static readonly byte[] Peer0 = [2, 0, 0];
    private static readonly byte[] Peer1 = [2, 0, 1];
    private static readonly byte[] Peer6 = [2, 0, 12];
    private static readonly byte[] Denied = [2, 0, 18];
    private static readonly byte[] Relay = [2, 0, 26];
    private static readonly byte[] Channel0 = [3, 0];
    private static readonly byte[] Channel1 = [3, 1];
    private static readonly byte[] FamilyIPv6 = [4, 2];
    private static readonly byte[] Dual = [5, 2];
    private static readonly byte[] Even = [6, 0];
    private static readonly byte[] EvenPair = [6, 1];
    private static readonly byte[] Token = [7, 0];
    private static readonly byte[] DontFragment = [8, 0];
    private static readonly byte[] Connection = [9, 0, 0];

    /// <summary>Names and bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create()
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (byte environment = 0; environment < TurnServerScript.EnvironmentCount; environment++)
        {
            byte number = environment;
            void Add(string name, params byte[][] script) => seeds.Add($"{number}-{name}", [number, .. Join(script)]);
            AddAllocations(Add);
            AddPeers(Add);
            AddData(Add);
            AddConnections(Add);
            AddTroubles(Add);
        }

        return seeds;
    }

    private static void AddAllocations(Action<string, byte[][]> add)
    {
        add("allocate", [Ask(0, Allocate, Udp)]);
        add("allocate-again", [Ask(0, Allocate, Udp), [3, 0], Ask(0, Allocate, Udp)]);
        add("allocate-ipv6", [Ask(0, Allocate, Udp, FamilyIPv6), Ask(4, Allocate, Udp, FamilyIPv6)]);
        add("allocate-dual", [Ask(0, Allocate, Udp, Dual), Ask(0, Refresh, [4, 1], LifetimeZero), Ask(0, Refresh, [4, 2], LifetimeZero)]);
        add("allocate-dual-to-the-end", [Ask(0, Allocate, Udp, Dual), Ask(0, Refresh, LifetimeHour, [4, 2]), Wait(2, 11), Wait(2, 60)]);
        add("allocate-even", [Ask(0, Allocate, Udp, Even), Ask(1, Allocate, Udp, Even), Ask(4, Allocate, Udp, Even)]);
        add("allocate-pair", [Ask(0, Allocate, Udp, EvenPair), Ask(3, Allocate, Udp, Token), Ask(4, Allocate, Udp, Token)]);
        add("allocate-pair-unclaimed", [Ask(0, Allocate, Udp, EvenPair), Wait(4, 0), Wait(3, 0), Ask(3, Allocate, Udp, Token)]);
        add("allocate-until-full", [Ask(0, Allocate, Udp), Ask(1, Allocate, Udp, Dual), Ask(2, Allocate, Udp, EvenPair), Ask(3, Allocate, Tcp), Ask(4, Allocate, Udp), Ask(5, Allocate, Udp), Ask(6, Allocate, Udp)]);
        add("allocate-contradictions", [Ask(0, Allocate), Ask(0, Allocate, Tcp), Ask(0, Allocate, [0, 7]), Ask(0, Allocate, Udp, Token, Even), Ask(0, Allocate, Udp, Dual, EvenPair), Ask(0, Allocate, Udp, Dual, FamilyIPv6), Ask(0, Allocate, Udp, [5, 1]), Ask(2, Allocate, Tcp, DontFragment)]);
        add("allocate-malformed", [Ask(0, Allocate, [0, 0xC3, 17, 0, 0]), Ask(0, Allocate, Udp, [1, 0xC0]), Ask(0, Allocate, Udp, [6, 0xC2, 0x80, 0]), Ask(0, Allocate, Udp, [8, 0xC4, 1, 2, 3, 4]), Ask(0, Allocate, Udp, [7, 0xC7, 1, 2, 3, 4, 5, 6, 7])]);
        add("allocate-unknown", [Ask(0, Allocate, Udp, [21, 0], [19, 4], [20, 4]), Ask(0, Allocate, Udp, DontFragment)]);
        add("refresh", [Ask(0, Refresh), Ask(0, Allocate, Udp, [1, 1]), Ask(0, Refresh, LifetimeHour), [3, 0], Wait(2, 40), Ask(0, Refresh), Ask(0, Refresh, LifetimeZero), Ask(0, Refresh, LifetimeZero)]);
        add("drain", [Ask(0, Allocate, Udp), [15, 0], Ask(2, Allocate, Udp), Ask(0, Refresh, LifetimeHour), [3, 0]]);
        add("expiry", [Ask(0, Allocate, Udp), Ask(1, Allocate, Udp), Wait(4, 0), Ask(0, Refresh), Wait(3, 0), Wait(3, 0), Wait(5, 0), Ask(0, Refresh), Wait(0, 0)]);
    }

    private static void AddPeers(Action<string, byte[][]> add)
    {
        add("permission", [Ask(0, Allocate, Udp), Ask(0, CreatePermission, Peer0, Peer1), [3, 0], Ask(0, CreatePermission, Peer0)]);
        add("permission-refused", [Ask(0, CreatePermission, Peer0), Ask(0, Allocate, Udp), Ask(0, CreatePermission), Ask(0, CreatePermission, Peer6), Ask(0, CreatePermission, Peer0, Denied), Ask(0, CreatePermission, [2, 0xC2, 0, 1])]);
        var many = new List<byte[]>();
        for (byte peer = 0; peer < 17; peer++)
        {
            many.Add([2, 0, (byte)(peer % 12)]);
        }

        add("permission-17-peers", [Ask(0, Allocate, Udp), Ask(0, CreatePermission, many.GetRange(0, 16).ToArray()), Ask(0, CreatePermission, [.. many])]);
        add("channel", [Ask(0, Allocate, Udp), Ask(0, ChannelBind, Channel0, Peer0), Ask(0, ChannelBind, Channel0, Peer0), Ask(0, ChannelBind, Channel0, Peer1), Ask(0, ChannelBind, Channel1, Peer0), Ask(0, ChannelBind, Channel1, Peer1)]);
        add("channel-refused", [Ask(0, Allocate, Udp), Ask(0, ChannelBind, Peer0), Ask(0, ChannelBind, Channel0), Ask(0, ChannelBind, Channel0, Denied), Ask(0, ChannelBind, Channel0, Peer6), Ask(0, ChannelBind, [3, 0xC4, 0x50, 0, 0, 0], Peer0)]);
        add("channel-expires", [Ask(0, Allocate, Udp, LifetimeHour), Ask(0, ChannelBind, Channel0, Peer0), Wait(2, 10), Ask(0, ChannelBind, Channel0, Peer1), Ask(0, ChannelBind, Channel1, Peer0)]);
        add("hairpin", [Ask(0, Allocate, Udp), Ask(2, Allocate, Udp), Ask(0, CreatePermission, Relay), Ask(0, ChannelBind, Channel0, Relay), [5, 0, 27, 0, 9], [7, 0, 27, 9]]);
    }

    private static void AddData(Action<string, byte[][]> add)
    {
        byte[][] ready = [Ask(0, Allocate, Udp), Ask(0, CreatePermission, Peer0), Ask(0, ChannelBind, Channel1, Peer1)];
        add("send", [.. ready, [5, 0, 0, 0, 20], [5, 0, 2, 0, 20], [5, 0, 0, 1, 8, 0, 20], [5, 0, 0, 1, 1, 1, 0], [5, 0, 0, 1, 21, 0, 3]]);
        add("channel-data", [.. ready, [6, 0, 1, 255, 20], [6, 0, 1, 21, 20], [6, 0, 1, 3, 20], [6, 0, 0, 255, 20], [6, 1, 1, 255, 20]]);
        add("peer-data", [.. ready, [7, 0, 0, 30], [7, 0, 1, 31], [7, 0, 2, 32], [7, 0, 0, 255], [7, 0, 1, 255], [7, 255, 0, 4]]);
        add("peer-data-on-a-stream", [Ask(2, Allocate, Udp), Ask(2, CreatePermission, Peer0), Ask(2, ChannelBind, Channel1, Peer1), [7, 0, 0, 31], [7, 0, 1, 31], [7, 0, 0, 255], [7, 0, 1, 255]]);
        add("icmp", [.. ready, [8, 0, 0, 3, 4], [8, 0, 0, 11, 0], [8, 0, 2, 3, 1], [8, 0, 0, 8, 0]]);
        add("permission-expires", [.. ready, Wait(2, 4), [7, 0, 0, 5], Wait(1, 60), [7, 0, 0, 5], [5, 0, 0, 0, 5], [6, 0, 1, 255, 5]]);
        add("allocation-expires-late", [.. ready, Wait(5, 0), [7, 0, 0, 5], [5, 0, 0, 0, 5], [6, 0, 1, 255, 5], [8, 0, 0, 3, 4], Wait(0, 0)]);
        add("data-ipv6", [Ask(4, Allocate, Udp, FamilyIPv6), Ask(4, CreatePermission, Peer6), [5, 4, 12, 1, 8, 0, 9], [7, 0, 12, 9], [8, 0, 12, 2, 0]]);
    }

    private static void AddConnections(Action<string, byte[][]> add)
    {
        byte[] allocate = Ask(3, Allocate, Tcp);
        byte[] bind = Ask(6, ConnectionBind, 0x80, Connection);
        add("connect", [allocate, Ask(3, Connect, Peer0), Ask(3, Connect, Peer0), [10, 0], bind, [12, 0]]);
        add("connect-fails", [allocate, Ask(3, Connect, Peer0), [11, 0], Ask(3, Connect, Peer0), Wait(3, 0), [10, 0]]);
        add("connect-refused", [allocate, Ask(3, Connect), Ask(3, Connect, Denied), Ask(3, Connect, Peer6), Ask(3, Connect, Peer0), Ask(3, Connect, Peer1), Ask(3, Connect, [2, 0, 2])]);
        add("accept", [allocate, Ask(3, CreatePermission, Peer0), [9, 0, 0], [9, 0, 1], bind, [13, 6]]);
        add("accept-unbound", [allocate, Ask(3, CreatePermission, Peer0), [9, 0, 0], Wait(4, 0), Wait(3, 0), bind]);
        add("accept-control-closed", [allocate, Ask(3, CreatePermission, Peer0), [9, 0, 0], bind, [13, 3]]);
        add("bind-refused", [allocate, Ask(3, CreatePermission, Peer0), [9, 0, 0], Ask(6, ConnectionBind, 0, Connection), Ask(6, ConnectionBind, 0x80), Ask(7, ConnectionBind, 0x80, Connection), Ask(0, ConnectionBind, 0x80, Connection), bind, bind]);
        add("tcp-has-no-channels", [allocate, Ask(3, ChannelBind, Channel0, Peer0), Ask(3, CreatePermission, Peer0), [5, 3, 0, 0, 4]]);
    }

    private static void AddTroubles(Action<string, byte[][]> add)
    {
        var manners = new List<byte[]>();
        for (byte wrong = 0; wrong < 16; wrong++)
        {
            manners.Add(Ask(0, Refresh, (byte)(wrong << 3)));
            manners.Add(Ask(2, Refresh, (byte)((wrong << 3) | 4)));
        }

        add("manners-before", [.. manners]);
        add("manners-after", [Ask(0, Allocate, Udp), Ask(2, Allocate, Udp), .. manners]);
        add("another-user", [Ask(0, Allocate, Udp), Ask(0, Refresh, 1 << 3, LifetimeZero), Ask(0, CreatePermission, 1 << 3, Peer0), [3, 0]]);
        add("nonce-expires", [Ask(0, Allocate, Udp, LifetimeHour), Wait(2, 11), Ask(0, Refresh), Ask(0, Refresh)]);
        add("behind-integrity", [Ask(0, Allocate, Udp), Ask(0, Refresh, 13 << 3), [3, 0], [4, 0, 0, 40, 1], [4, 0, 0, 3, 4]]);
        byte[] bare = [0, 3, 0, 8, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0x19, 0, 4, 17, 0, 0, 0];
        add("bare-allocate", [[0, 0, 28, .. bare], [0, 1, 28, .. bare], [0, 4, 28, .. bare], [0, 5, 28, .. bare], [0, 0, 20, .. bare[..3], 0, .. bare[4..20]]]);
        add("other-classes", [[0, 0, 20, 1, 3, 0, 0, .. bare[4..20]], [0, 0, 20, 1, 0x13, 0, 0, .. bare[4..20]], [0, 0, 20, 0, 0x17, 0, 0, .. bare[4..20]], [0, 0, 20, 0, 1, 0, 0, .. bare[4..20]], [0, 0, 0], [0, 0, 1, 0x40]]);
        add("client-closes", [Ask(2, Allocate, Udp), Ask(2, CreatePermission, Peer0), [13, 2], [7, 0, 0, 4], Ask(2, Allocate, Udp)]);
    }

    private static byte[] Ask(byte client, byte method, params byte[][] attributes) => Ask(client, method, 0, attributes);

    private static byte[] Ask(byte client, byte method, byte manner, params byte[][] attributes)
        => [1, client, method, manner, (byte)attributes.Length, .. Join(attributes)];

    private static byte[] Wait(byte kind, byte amount) => [14, kind, amount];

    private static byte[] Join(byte[][] parts)
    {
        var all = new List<byte>();
        foreach (byte[] part in parts)
        {
            all.AddRange(part);
        }

        return [.. all];
    }
}
