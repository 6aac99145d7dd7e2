using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Stack.TestKit;

/// <summary>The shell script that builds a lab: one <c>ip -batch</c> per namespace and one <c>nft -f -</c> per box, for speed.</summary>
internal static class LabScript
{
    public static string Build(string prefix, NatLabOptions options, IReadOnlyList<(NatKind Kind, LabAddressing Addressing)> boxes)
    {
        StringBuilder text = new();
        text.Append("set -e\n");
        Batch(text, $"{prefix}-net", PublicNetwork(prefix, boxes.Count, options.Delayed));

        // Bridged frames must not meet the forward chains of the machine.
        text.Append(CultureInfo.InvariantCulture, $$"""
            ip netns exec {{prefix}}-net sh -ec 'for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e "$f" ] || echo 0 >"$f"; done'

            """);
        Batch(text, $"{prefix}-server", Server(options, boxes));
        for (int index = 0; index < boxes.Count; index++)
        {
            Box(text, prefix, index + 1, options, boxes);
        }

        return text.ToString();
    }

    /// <summary>The first step: the namespaces and, where links are delayed, the two ends of each, for a <see cref="LinkWire"/> to connect.</summary>
    public static string Namespaces(string prefix, int boxes, bool delayed)
    {
        StringBuilder text = new();
        text.Append("set -e\n");
        Batch(text, null, new[] { "net", "server" }
            .Concat(Enumerable.Range(1, boxes).SelectMany(n => new[] { $"nat{n}", $"client{n}" }))
            .Select(role => $"netns add {prefix}-{role}"));
        if (delayed)
        {
            Batch(text, $"{prefix}-net", Enumerable.Range(1, boxes).Select(n => $"tuntap add dev nat{n} mode tap"));
            for (int number = 1; number <= boxes; number++)
            {
                Batch(text, $"{prefix}-nat{number}", ["tuntap add dev pub mode tap"]);
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> PublicNetwork(string prefix, int boxes, bool delayed) =>
    [
        "link set lo up",
        "link add internet type bridge",
        $"link add server type veth peer name pub netns {prefix}-server",
        "link set server master internet up",
        .. delayed
            ? Enumerable.Empty<string>()
            : Enumerable.Range(1, boxes).Select(n => $"link add nat{n} type veth peer name pub netns {prefix}-nat{n}"),
        .. Enumerable.Range(1, boxes).Select(n => $"link set nat{n} master internet up"),
        $"addr add {LabAddressing.Router4}/24 dev internet",
        $"addr add {LabAddressing.Router6}/64 dev internet nodad",
        "link set internet up",
    ];

    private static IEnumerable<string> Server(NatLabOptions options, IEnumerable<(NatKind Kind, LabAddressing Addressing)> boxes) =>
    [
        "link set lo up",
        .. LabAddressing.Server4(options.ServerAddresses).Select(address => $"addr add {address}/24 dev pub"),
        .. LabAddressing.Server6(options.ServerAddresses).Select(address => $"addr add {address}/64 dev pub nodad"),
        "link set pub up",
        .. DefaultRoutes(),
        .. boxes.SelectMany(box => RoutesTo(box.Addressing)),
    ];

    private static void Box(
        StringBuilder text,
        string prefix,
        int number,
        NatLabOptions options,
        IReadOnlyList<(NatKind Kind, LabAddressing Addressing)> boxes)
    {
        (NatKind kind, LabAddressing own) = boxes[number - 1];
        Batch(text, $"{prefix}-nat{number}",
        [
            "link set lo up",
            $"link add lan type veth peer name eth0 netns {prefix}-client{number}",
            .. own.Public4.Select(address => $"addr add {address}/24 dev pub"),
            $"addr add {own.Public6}/64 dev pub nodad",
            $"addr add {own.Gateway4}/{own.Prefix4} dev lan",
            $"addr add {own.Gateway6}/64 dev lan nodad",
            "link set pub up",
            "link set lan up",
            .. DefaultRoutes(),
            .. boxes.Where(other => other.Addressing != own).SelectMany(other => RoutesTo(other.Addressing)),
        ]);
        Client(text, prefix, number, options.Clients, own);

        long seconds = (long)options.UdpTimeout.TotalSeconds;
        text.Append(CultureInfo.InvariantCulture, $$"""
            ip netns exec {{prefix}}-nat{{number}} sh -ec '
            nft -f -
            cd /proc/sys/net
            for f in ipv4/conf/*/send_redirects ipv4/conf/*/rp_filter; do echo 0 >$f; done
            for f in udp_timeout udp_timeout_stream; do
              [ ! -e netfilter/nf_conntrack_$f ] || echo {{seconds}} >netfilter/nf_conntrack_$f
            done
            echo 1 >ipv4/ip_forward
            echo 1 >ipv6/conf/all/forwarding
            ' <<'RULES'
            {{NatRules.Write(kind, own, options)}}RULES

            """);
    }

    private static void Client(StringBuilder text, string prefix, int number, LabFamily family, LabAddressing own)
    {
        if (family == LabFamily.IPv4)
        {
            text.Append(CultureInfo.InvariantCulture, $"ip netns exec {prefix}-client{number} sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'\n");
        }

        List<string> lines = ["link set lo up"];
        if (family != LabFamily.IPv6)
        {
            lines.Add($"addr add {own.Client4}/{own.Prefix4} dev eth0");
        }

        if (family != LabFamily.IPv4)
        {
            lines.Add($"addr add {own.Client6}/64 dev eth0 nodad");
        }

        lines.Add("link set eth0 up");
        if (family != LabFamily.IPv6)
        {
            lines.Add($"route add default via {own.Gateway4}");
        }

        if (family != LabFamily.IPv4)
        {
            lines.Add($"route add default via {own.Gateway6}");
        }

        Batch(text, $"{prefix}-client{number}", lines);
    }

    // Somewhere to send what nobody answers for: without a route, sending to a private candidate fails at once, which no real network does.
    private static IEnumerable<string> DefaultRoutes() =>
        [$"route add default via {LabAddressing.Router4}", $"route add default via {LabAddressing.Router6}"];

    private static IEnumerable<string> RoutesTo(LabAddressing box) =>
    [
        .. box.Translates ? Enumerable.Empty<string>() : [$"route add {box.Lan4} via {box.Public4[0]}"],
        $"route add {box.Lan6} via {box.Public6}",
    ];

    private static void Batch(StringBuilder text, string? inside, IEnumerable<string> lines)
    {
        text.Append("ip ").Append(inside is null ? "" : $"-n {inside} ").Append("-batch - <<'BATCH'\n");
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        text.Append("BATCH\n");
    }
}
