using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Stun;

namespace Stack.Fuzz.Model;

/// <summary>The addresses that runs take place among.</summary>
internal static class ModelUniverse
{
    public static readonly ReferenceAddress Server4 = V4(5, 5, 5, 5, 3478);
    public static readonly ReferenceAddress Server6 = V6("2a00::5", 3478);

    /// <summary>Relay addresses: plain, plain, behind a 1:1 NAT, IPv6.</summary>
    public static readonly ModelRelayAddress[] Relays =
    [
        new(V4(5, 5, 5, 5, 0), V4(5, 5, 5, 5, 0)),
        new(V4(5, 5, 5, 6, 0), V4(5, 5, 5, 6, 0)),
        new(V4(10, 9, 9, 9, 0), V4(5, 5, 5, 7, 0)),
        new(V6("2a00::5", 0), V6("2a00::5", 0)),
    ];

    public static readonly ReferenceAddress[] PublicPeers =
    [
        V4(8, 8, 8, 1, 0), V4(8, 8, 8, 2, 0), V4(8, 8, 8, 3, 0), V4(8, 8, 8, 4, 0), V4(8, 8, 8, 5, 0), V4(8, 8, 8, 6, 0),
        V4(8, 8, 9, 1, 0), V4(8, 8, 9, 2, 0), V4(8, 8, 9, 3, 0), V4(8, 8, 9, 4, 0), V4(8, 8, 9, 5, 0), V4(8, 8, 9, 6, 0),
        V6("2600::1", 0), V6("2600::2", 0), V6("2600::3", 0), V6("2600::4", 0), V6("2600:1::1", 0), V6("2600:1::2", 0),
    ];

    /// <summary>Denied by default, several as one in another's clothes.</summary>
    public static readonly ReferenceAddress[] DeniedPeers =
    [
        V4(10, 0, 0, 1, 0), V4(127, 0, 0, 1, 0), V4(169, 254, 169, 254, 0), V4(224, 0, 0, 1, 0), V4(0, 0, 0, 0, 0), V4(255, 255, 255, 255, 0),
        V4(168, 63, 129, 16, 0), V6("::1", 0), V6("::", 0), V6("fe80::1", 0), V6("fc00::1", 0), V6("ff02::1", 0), V6("::ffff:10.0.0.1", 0),
        V6("::ffff:127.0.0.1", 0), V6("64:ff9b::7f00:1", 0), V6("2002:7f00:1::", 0), V6("2001:db8::1", 0),
    ];

    public static readonly int[] PeerPorts = [5000, 5001, 80, 443, 40000, 53, 123, 1023, 1024, 1900, 5060, 11211, 0, 65535];

    private static readonly HashSet<ReferenceAddress> Public = [.. PublicPeers];

    /// <summary>Where clients come from: two of them behind one NAT, two in one /64. No two networks share a place in the fixed tables.</summary>
    public static IReadOnlyList<ReferenceAddress> Clients { get; } = ChooseClients();

    public static bool IsPublic(ReferenceAddress address) => Public.Contains(address);

    public static ReferenceAddress V6(string text, int port)
    {
        bool parsed = TransportAddress.TryParseAddress(text, 0, out TransportAddress address);
        ModelViolationException.Require(parsed, text);
        return address.ToModel() with { Port = port };
    }

    private static ReferenceAddress V4(byte a, byte b, byte c, byte d, int port)
        => new(1, port, ((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d);

    // Sources that fall into one place of the server's tables share it, by a seed of the process. The model has a place for each.
    private static List<ReferenceAddress> ChooseClients()
    {
        ReferenceAddress[] candidates =
        [
            V4(203, 0, 113, 1, 0), V4(203, 0, 113, 2, 0), V4(203, 0, 113, 3, 0), V4(198, 51, 100, 1, 0), V6("2620:1::1", 0), V6("2620:1::2", 0),
            V6("2620:2::1", 0), V4(198, 51, 100, 2, 0), V4(198, 51, 100, 3, 0),
        ];
        var chosen = new List<ReferenceAddress>();
        var budgets = new ReplyRateLimiter(new ReplyRateLimit(1, 1, 1_000_000));
        var places = new HashSet<int>();
        var networks = new HashSet<ReferenceAddress>();
        foreach (ReferenceAddress candidate in candidates)
        {
            ReferenceAddress network = ModelShared.Network(candidate);
            if (!networks.Add(network))
            {
                chosen.Add(candidate);
            }
            else if (budgets.TryTake(network.ToServer(), Instant.Zero) & places.Add(HashCode.Combine(network.ToServer()) & 0x3FFF))
            {
                chosen.Add(candidate);
            }
            else
            {
                networks.Remove(network);
            }
        }

        return chosen.Take(8).ToList();
    }
}
