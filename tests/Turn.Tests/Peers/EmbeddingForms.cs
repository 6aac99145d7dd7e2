using System.Collections.Generic;
using System.Net;

namespace Stack.Turn.Tests;

/// <summary>Writes an IPv4 address into an IPv6 one in every form there is.</summary>
internal static class EmbeddingForms
{
    public static readonly string[] Names =
    [
        "mapped", "compat", "siit", "6to4", "teredo-server", "teredo-client", "nat64", "nat64-48", "nat64-56", "nat64-64", "nat64-96", "isatap",
        "isatap-universal", "isatap-in-6to4",
    ];

    public static byte[] Write(string form, byte[] v4, string? prefix = null)
    {
        (string start, int[] places) = form switch
        {
            "mapped" => ("::ffff:0:0", new[] { 12, 13, 14, 15 }),
            "compat" => ("::", [12, 13, 14, 15]),
            "siit" => ("::ffff:0:0:0", [12, 13, 14, 15]),
            "6to4" => ("2002:0:0:1::1", [2, 3, 4, 5]),
            "teredo-server" => ("2001:0:0:0:8000:f227:f7f7:f7f7", [4, 5, 6, 7]),
            "teredo-client" => ("2001:0:808:808:8000:f227::", [12, 13, 14, 15]),
            "nat64" => ("64:ff9b::", [12, 13, 14, 15]),
            "nat64-48" => ("64:ff9b:1::", [6, 7, 9, 10]),
            "nat64-56" => ("64:ff9b:1:800::", [7, 9, 10, 11]),
            "nat64-64" => ("64:ff9b:1:808::", [9, 10, 11, 12]),
            "nat64-96" => ("64:ff9b:1:808:8:808:800:0", [12, 13, 14, 15]),
            "isatap" => ("2a00:1450::5efe:0:0", [12, 13, 14, 15]),
            "isatap-universal" => ("2a00:1450::200:5efe:0:0", [12, 13, 14, 15]),
            _ => ("2002:808:808:0:0:5efe::", [12, 13, 14, 15]),
        };
        byte[] octets = IPAddress.Parse(prefix ?? start).GetAddressBytes();
        for (int i = 0; i < places.Length; i++)
        {
            octets[places[i]] = form == "teredo-client" ? (byte)(v4[i] ^ 0xFF) : v4[i];
        }

        return octets;
    }

    /// <summary>Every IPv4 address that an IPv6 address may stand for.</summary>
    public static List<byte[]> Read(byte[] v6, int translator)
    {
        List<byte[]> found = [];
        void Add(params int[] places) => found.Add([v6[places[0]], v6[places[1]], v6[places[2]], v6[places[3]]]);
        bool In(string network) => ReferenceNetworks.In([network], v6);

        if (In("::/96") && !In("::/127"))
        {
            Add(12, 13, 14, 15);
        }

        if (In("::ffff:0:0:0/96") || In("64:ff9b::/96"))
        {
            Add(12, 13, 14, 15);
        }

        if (In("64:ff9b:1::/48"))
        {
            if (translator <= 48)
            {
                Add(6, 7, 9, 10);
            }

            if (translator <= 56)
            {
                Add(7, 9, 10, 11);
            }

            if (translator <= 64)
            {
                Add(9, 10, 11, 12);
            }

            Add(12, 13, 14, 15);
        }

        if (In("2002::/16"))
        {
            Add(2, 3, 4, 5);
        }

        if (In("2001::/32"))
        {
            Add(4, 5, 6, 7);
            found.Add([(byte)~v6[12], (byte)~v6[13], (byte)~v6[14], (byte)~v6[15]]);
        }

        if (v6[8] is 0 or 2 && v6[9] == 0 && v6[10] == 0x5E && v6[11] == 0xFE)
        {
            Add(12, 13, 14, 15);
        }

        return found;
    }
}
