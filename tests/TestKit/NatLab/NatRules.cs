using System.Globalization;
using System.Linq;
using System.Text;

namespace Stack.TestKit;

/// <summary>The nftables text of one box. Its interfaces are called <c>pub</c> and <c>lan</c>.</summary>
/// <remarks>
/// Linux maps each flow by itself and knows no unsolicited inbound. Two dynamic tables make RFC 4787 out of it: <c>bound</c> learns, behind
/// the source translation, which internal port a public port stands for, and inbound datagrams are sent there; <c>opened</c> learns where
/// each internal port has sent to, and inbound datagrams must match it. Keyed by the internal port too: each socket has its own filter.
/// What is dropped in the forward or input hook never becomes a conntrack entry, so it cannot disturb a later mapping.
/// </remarks>
internal static class NatRules
{
    // Above srcnat (100): the source port seen here is the public one.
    private const int BehindSourceNat = 300;

    public static string Write(NatKind kind, LabAddressing addressing, NatLabOptions options)
    {
        StringBuilder text = new();
        if (addressing.Translates)
        {
            WriteTranslation(text, kind, addressing, options);
        }

        WriteFilter(text, kind, options);
        WriteLoss(text, options.LossPercent);
        return text.ToString();
    }

    private static void WriteTranslation(StringBuilder text, NatKind kind, LabAddressing addressing, NatLabOptions options)
    {
        // A symmetric NAT's public port belongs to one destination alone: conntrack knows it, and nobody else may use it.
        bool unsolicited = kind is not (NatKind.LinuxMasquerade or NatKind.UdpBlocked or NatKind.Symmetric);
        bool dynamic = unsolicited || (kind == NatKind.Symmetric && options.Hairpinning);
        string toClient = $"meta l4proto udp dnat ip to {addressing.Client4} : ip daddr . udp dport map @bound";
        string publicSet = string.Join(", ", addressing.Public4);
        text.Line("table ip nat {");
        if (dynamic)
        {
            text.Line("  map bound {")
                .Line("    typeof ip saddr . udp sport : udp dport")
                .Line("    flags dynamic,timeout")
                .Line($"    timeout {Seconds(options)}s")
                .Line("  }")
                .Line("  chain inbound {")
                .Line("    type nat hook prerouting priority dstnat");
            if (unsolicited)
            {
                text.Line($"    iifname \"pub\" {toClient}");
            }

            if (options.Hairpinning)
            {
                text.Line($"    iifname \"lan\" ip daddr {{ {publicSet} }} {toClient}");
            }

            text.Line("  }")
                .Line("  chain learn {")
                .Line($"    type filter hook postrouting priority {BehindSourceNat}")
                .Line("    iifname \"lan\" ct direction original update @bound { ip saddr . udp sport : ct original proto-src }")
                .Line("    iifname \"lan\" ct direction reply update @bound { ip saddr . udp sport : ct reply proto-src }")
                .Line("  }");
        }

        text.Line("  chain outbound {")
            .Line("    type nat hook postrouting priority srcnat");
        WriteSourceTranslation(text, kind, addressing, options);
        text.Line("  }")
            .Line("}");
    }

    private static void WriteSourceTranslation(StringBuilder text, NatKind kind, LabAddressing addressing, NatLabOptions options)
    {
        string first = addressing.Public4[0];
        string random = kind == NatKind.Symmetric ? " random,fully-random" : "";
        if (kind == NatKind.LinuxMasquerade)
        {
            text.Line(options.PreservePorts
                ? "    oifname \"pub\" masquerade"
                : "    oifname \"pub\" meta l4proto { tcp, udp } masquerade to :10000-15999");
        }
        else if (kind == NatKind.AddressDependentMapping)
        {
            text.Line($"    iifname \"lan\" snat ip to ip daddr & 0.0.0.1 map {{ 0.0.0.0 : {first}, 0.0.0.1 : {addressing.Public4[1]} }}");
        }
        else if (addressing.Public4.Count > 1 && kind == NatKind.Symmetric)
        {
            string next = string.Join(", ", addressing.Public4.Select((address, index) => $"{index} : {address}"));
            text.Line($"    iifname \"lan\" snat ip to numgen inc mod {addressing.Public4.Count} map {{ {next} }}{random}");
        }
        else if (addressing.Public4.Count > 1)
        {
            string byPort = string.Join(", ", Enumerable.Range(0, NatLabOptions.MaximumPublicAddresses)
                .Select(low => $"{low} : {addressing.Public4[low % addressing.Public4.Count]}"));
            const int LowBits = NatLabOptions.MaximumPublicAddresses - 1;
            text.Line($"    iifname \"lan\" meta l4proto udp snat ip to udp sport & {LowBits} map {{ {byPort} }}")
                .Line($"    iifname \"lan\" snat ip to {first}");
        }
        else if (!options.PreservePorts && kind != NatKind.Symmetric)
        {
            // Without "random", the kernel gives a later flow of the same socket the port that the first one got: endpoint-independent.
            text.Line($"    iifname \"lan\" meta l4proto {{ tcp, udp }} snat ip to {first}:10000-15999");
        }
        else
        {
            text.Line($"    iifname \"lan\" snat ip to {first}{random}");
        }
    }

    private static void WriteFilter(StringBuilder text, NatKind kind, NatLabOptions options)
    {
        string? key = FilterKey(kind);
        text.Line("table inet filter {");
        if (key is not null)
        {
            WriteSet(text, "opened4", key, options);
            WriteSet(text, "opened6", key.Replace("ip ", "ip6 ", System.StringComparison.Ordinal), options);
        }

        text.Line("  chain passing {")
            .Line("    type filter hook forward priority filter")
            .Line("    policy drop");
        if (kind == NatKind.UdpBlocked)
        {
            text.Line("    meta l4proto udp drop");
        }
        else if (key is not null)
        {
            string key6 = key.Replace("ip ", "ip6 ", System.StringComparison.Ordinal);
            text.Line($"    iifname \"lan\" oifname \"pub\" meta nfproto ipv4 update @opened4 {{ {key} }}")
                .Line($"    iifname \"lan\" oifname \"pub\" meta nfproto ipv6 update @opened6 {{ {key6} }}")
                .Line("    iifname \"lan\" meta l4proto udp accept")
                .Line($"    meta nfproto ipv4 {Mirror(key)} @opened4 accept")
                .Line($"    meta nfproto ipv6 {Mirror(key6)} @opened6 accept")
                .Line("    meta l4proto udp drop");
        }

        text.Line(kind == NatKind.Open ? "    accept" : "    iifname \"lan\" accept")
            .Line("    ct state established,related accept")
            .Line("  }");
        if (kind != NatKind.LinuxMasquerade)
        {
            text.Line("  chain own {")
                .Line("    type filter hook input priority filter")
                .Line("    meta l4proto { tcp, udp } drop")
                .Line("  }");
        }

        text.Line("}");
    }

    private static void WriteSet(StringBuilder text, string name, string key, NatLabOptions options) => text
        .Line($"  set {name} {{")
        .Line($"    typeof {key}")
        .Line("    flags dynamic,timeout")
        .Line($"    timeout {Seconds(options)}s")
        .Line("  }");

    // At the device, outside the translation: what is lost on the way out has opened its binding, as on the real network.
    private static void WriteLoss(StringBuilder text, int percent)
    {
        if (percent == 0)
        {
            return;
        }

        // numgen compares with 0-99.
        string chance = percent == 100 ? "" : $"numgen random mod 100 < {percent} ";
        text.Line("table netdev loss {");
        foreach (string hook in new[] { "ingress", "egress" })
        {
            text.Line($"  chain {hook}_link {{")
                .Line($"    type filter hook {hook} device \"pub\" priority 0")
                .Line($"    meta l4proto udp {chance}counter drop")
                .Line("  }");
        }

        text.Line("}");
    }

    private static string? FilterKey(NatKind kind) => kind switch
    {
        NatKind.FullCone => "udp sport",
        NatKind.AddressRestricted or NatKind.AddressDependentMapping => "udp sport . ip daddr",
        NatKind.PortRestricted or NatKind.Symmetric or NatKind.SymmetricFirewall => "udp sport . ip daddr . udp dport",
        _ => null,
    };

    // The same fields as an incoming datagram carries them: "udp sport . ip daddr" becomes "udp dport . ip saddr".
    private static string Mirror(string key) => string.Join(" . ", key.Split(" . ").Select(field => field switch
    {
        "udp sport" => "udp dport",
        "udp dport" => "udp sport",
        _ => field.Replace("daddr", "saddr", System.StringComparison.Ordinal),
    }));

    private static long Seconds(NatLabOptions options) => (long)options.UdpTimeout.TotalSeconds;

    private static StringBuilder Line(this StringBuilder text, string line) =>
        text.Append(CultureInfo.InvariantCulture, $"{line}").Append('\n');
}
