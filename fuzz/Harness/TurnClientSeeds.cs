using System;
using System.Collections.Generic;
using System.Linq;

namespace Stack.Fuzz;

/// <summary>The scripts of corpora/turn-client: an exchange for each state and each way out of it, for the options that matter.</summary>
public static class TurnClientSeeds
{
    private const byte Success = 0;
    private const byte TryAlternate = 1;
    private const byte BadRequest = 2;
    private const byte Unauthenticated = 3;
    private const byte Forbidden = 4;
    private const byte Mismatch = 6;
    private const byte StaleNonce = 7;
    private const byte ConnectionFailed = 13;
    private const byte Quota = 14;

    private static readonly (string Name, byte Bits)[] Options =
    [
        ("udp", 0), ("tcp", 1), ("tcp-relay", 3), ("dual", 4), ("anonymous", 8), ("ipv6", 16), ("no-fragments", 64 + 128),
    ];

    /// <summary>Names and bytes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create()
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, byte bits) in Options)
        {
            byte[] begin = bits == 8 ? Answer(Success) : [.. Challenge(1), .. Answer(Success)];
            byte peer = bits == 16 ? (byte)12 : (byte)0;
            void Add(string what, params byte[][] script) => seeds.Add($"{name}-{what}", [bits, .. script.SelectMany(part => part)]);
            AddBeginnings(Add, begin);
            AddPeers(Add, begin, peer);
            AddEnds(Add, begin, peer);
        }

        return seeds;
    }

    private static void AddBeginnings(Action<string, byte[][]> add, byte[] begin)
    {
        add("allocates", [begin]);
        add("allocates-without-sha256", [Challenge(0), Answer(Success)]);
        add("challenged-for-ever", [Challenge(1), Challenge(1), Challenge(0), Challenge(1)]);
        add("stale-nonce", [Challenge(1), [0, 0, StaleNonce, 5, 0, 1], Answer(Success)]);
        add("refused", [Challenge(1), Answer(Quota)]);
        add("redirected", [Challenge(1), Answer(TryAlternate)]);
        add("success-unsigned", [Challenge(1), [0, 0, Success, 6, 0], [0, 0, Success, 5, 0], Answer(Success)]);
        add("success-incomplete", [Challenge(1), [0, 0, Success, 8, 0]]);
        add("success-odd", [Challenge(1), [0, 0, Success, 8, 3, 12, 0, 1, 1, 3, 1, 0]]);
        add("silence", [[8, 3, 0], [8, 3, 0], [8, 4, 0], [8, 3, 0]]);
        add("mutated", [Challenge(1), Answer(Success), [6, 0, 40, 1], [7], [6, 0, 1, 1]]);
    }

    private static void AddPeers(Action<string, byte[][]> add, byte[] begin, byte peer)
    {
        byte[] permitted = [.. begin, 9, 0, peer, .. Answer(Success)];
        byte[] bound = [.. begin, 9, 2, peer, .. Answer(Success)];
        add("permits", [permitted, [2, peer, 0, 20], [3, 7, 2, 2, peer, peer, 13, 0], [9, 6, peer, 20, 0], [9, 6, peer, 7, 1], [9, 6, peer, 7, 2]]);
        add("permission-refused", [begin, [9, 0, peer], Answer(Forbidden)]);
        add("permission-refreshed", [permitted, [8, 2, 4], Answer(Success), [8, 2, 4], Answer(Mismatch)]);
        add("binds", [bound, [4, 0, 255, 20], [4, 0, 30, 20], [4, 1, 255, 4], [9, 6, peer, 20, 0]]);
        add("channel-refused", [begin, [9, 2, peer], Answer(BadRequest)]);
        add("channel-refreshed", [bound, [8, 2, 9], Answer(Success), [8, 2, 20]]);
        add("connects", [permitted, [9, 4, peer], Answer(Success), [11, Success, 0], [11, Success, 3], [11, Unauthenticated, 0, 1], [3, 12, 2, 2, 0, peer, 9, 9]]);
        add("connect-fails", [begin, [9, 4, peer], Answer(ConnectionFailed), [9, 4, peer], [8, 1, 10]]);
    }

    private static void AddEnds(Action<string, byte[][]> add, byte[] begin, byte peer)
    {
        add("refreshes", [begin, [8, 2, 9], Answer(Success), [9, 5, peer], Answer(Success)]);
        add("unknown-to-server", [begin, [8, 2, 9], Answer(Mismatch)]);
        add("sleeps", [begin, [8, 2, 64 + 30], [2, peer, 0, 4]]);
        add("releases", [begin, [9, 7, peer, 0], Answer(Success)]);
        add("released-in-silence", [begin, [9, 7, peer, 0], [8, 2, 1]]);
        add("unreachable", [begin, [9, 7, peer, 1], Answer(Success), [9, 7, peer, 1], [8, 2, 1]]);
        add("connection-lost", [begin, [9, 7, peer, 2]]);
    }

    private static byte[] Answer(byte code) => [0, 0, code, 0, 0];

    private static byte[] Challenge(byte algorithms) => [0, 0, Unauthenticated, 0, 0, algorithms];
}
