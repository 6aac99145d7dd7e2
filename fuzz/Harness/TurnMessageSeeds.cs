using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Stack.Fuzz;

/// <summary>The TURN messages of corpora/decode: every method, class and attribute of RFC 8656 and RFC 6062, and ChannelData.</summary>
internal static class TurnMessageSeeds
{
    private const string Peer4 = "000132A7E112A643";
    private const string Peer6 = "000232A70113A9FAA0B1C2D3E4F5061728394A5B";

    private static readonly (string Name, int Method)[] Methods =
    [
        ("allocate", 3), ("refresh", 4), ("send", 6), ("data", 7), ("create-permission", 8), ("channel-bind", 9), ("connect", 10),
        ("connection-bind", 11), ("connection-attempt", 12),
    ];

    private static readonly (string Name, int Type, string Value)[] Attributes =
    [
        ("channel-number", 0x000C, "40000000"), ("lifetime", 0x000D, "00000258"), ("xor-peer-address", 0x0012, Peer4), ("data", 0x0013, "7061796C6F6164"),
        ("xor-relayed-address", 0x0016, Peer6), ("requested-address-family", 0x0017, "02000000"), ("even-port", 0x0018, "80"),
        ("requested-transport", 0x0019, "11000000"), ("dont-fragment", 0x001A, ""), ("reservation-token", 0x0022, "0102030405060708"),
        ("connection-id", 0x002A, "01020304"), ("additional-address-family", 0x8000, "02000000"), ("address-error-code", 0x8001, "02000428"),
        ("icmp", 0x8004, "00000304000005DC"),
    ];

    public static void AddTo(SortedDictionary<string, byte[]> seeds)
    {
        foreach ((string name, int method) in Methods)
        {
            for (int messageClass = 0; messageClass < 4; messageClass++)
            {
                // RFC 8489 section 5, figure 3: the class stands between bits of the method.
                int type = method | ((messageClass & 2) << 7) | ((messageClass & 1) << 4);
                seeds.Add($"turn-{name}-class-{messageClass}", SeedMessage.Of(type).ToArray());
            }
        }

        foreach ((string name, int type, string value) in Attributes)
        {
            byte[] good = Convert.FromHexString(value);
            seeds.Add($"turn-{name}", SeedMessage.Of(0x0003).With(type, good).ToArray());
            seeds.Add($"turn-{name}-byte-long", SeedMessage.Of(0x0003).With(type, [.. good, 0xFF]).ToArray());
            if (good.Length > 0)
            {
                seeds.Add($"turn-{name}-byte-short", SeedMessage.Of(0x0003).With(type, good[..^1]).ToArray());
                seeds.Add($"turn-{name}-empty", SeedMessage.Of(0x0003).With(type).ToArray());
            }
        }

        Exchanges(seeds);
        ChannelData(seeds);
    }

    private static void Exchanges(SortedDictionary<string, byte[]> seeds)
    {
        seeds.Add("turn-exchange-allocate", Asked(0x0003).With(0x0019, "11000000").With(0x000D, "00000E10").Integrity().Fingerprint().ToArray());
        seeds.Add("turn-exchange-allocate-dual", Asked(0x0003).With(0x0019, "11000000").With(0x8000, "02000000").With(0x0018, "00").Integrity().ToArray());
        seeds.Add("turn-exchange-allocate-token", Asked(0x0003).With(0x0019, "11000000").With(0x0022, "0102030405060708").Sha256().ToArray());
        seeds.Add(
            "turn-exchange-allocated",
            SeedMessage.Of(0x0103).With(0x0016, Peer4).With(0x0016, Peer6).With(0x000D, "00000258").With(0x0020, Peer4).With(0x8001, "02000508").Integrity().ToArray());
        seeds.Add("turn-exchange-refresh-behind-integrity", Asked(0x0004).With(0x000D, "0000012C").Integrity().With(0x000D, "00000BB8").ToArray());
        seeds.Add("turn-exchange-refresh-deletes", Asked(0x0004).With(0x000D, "00000000").With(0x0017, "01000000").Integrity().ToArray());
        seeds.Add("turn-exchange-permissions", Asked(0x0008).Times(17, message => message.With(0x0012, Peer4)).With(0x0012, Peer6).Integrity().ToArray());
        seeds.Add("turn-exchange-channel-bind", Asked(0x0009).With(0x000C, "40000000").With(0x0012, Peer4).Integrity().ToArray());
        seeds.Add("turn-exchange-connect", Asked(0x000A).With(0x0012, Peer6).Sha256().ToArray());
        seeds.Add("turn-exchange-connection-bind", Asked(0x000B).With(0x002A, "01020304").Integrity().Fingerprint().ToArray());
        seeds.Add("turn-exchange-send", SeedMessage.Of(0x0016).With(0x0012, Peer4).With(0x001A).With(0x0013, "68656C6C6F").Fingerprint().ToArray());
        seeds.Add("turn-exchange-data", SeedMessage.Of(0x0017).With(0x0012, Peer6).With(0x0013).ToArray());
        seeds.Add("turn-exchange-data-icmp", SeedMessage.Of(0x0017).With(0x0012, Peer4).With(0x8004, "00000304000005DC").ToArray());
        seeds.Add("turn-exchange-attempt", SeedMessage.Of(0x001C).With(0x0012, Peer4).With(0x002A, "01020304").ToArray());
    }

    private static SeedMessage Asked(int type) => SeedMessage.Of(type)
        .With(0x0006, Hex("alice")).With(0x0014, Hex("example.org")).With(0x0015, Hex("obMatJos2AAAAnonce"));

    private static void ChannelData(SortedDictionary<string, byte[]> seeds)
    {
        seeds.Add("turn-channel-data", Convert.FromHexString("40000005" + "68656C6C6F"));
        seeds.Add("turn-channel-data-padded", Convert.FromHexString("4FFF0005" + "68656C6C6F000000"));
        seeds.Add("turn-channel-data-empty", Convert.FromHexString("40010000"));
        seeds.Add("turn-channel-data-too-long", Convert.FromHexString("4000FFFF" + "68656C6C6F"));
        seeds.Add("turn-channel-data-reserved", Convert.FromHexString("50000004" + "68656C6C"));
        seeds.Add("turn-channel-data-cut", Convert.FromHexString("400000"));
    }

    private static string Hex(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(static unit => $"{unit:X2}"));
}
