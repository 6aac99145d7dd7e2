using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// A host with public addresses and the rest of the world, in two network namespaces that nothing leads out of. Whatever the host sends anywhere
/// arrives in <see cref="World"/>, which has every address there is. Needs <see cref="Requirement.NatLab"/>.
/// </summary>
/// <remarks>
/// <code>
///   server  193.0.2.10          world  193.0.2.1, 193.0.2.20 and all others
///           2a00:d:1::10               2a00:d:1::1, 2a00:d:1::20 and all others
///           loopback
/// </code>
/// The addresses are in networks that no list of special ones has. Disposing kills what runs inside and removes everything.
/// </remarks>
public sealed partial class OpenNetwork : IAsyncDisposable
{
    private readonly string[] _namespaces;

    private OpenNetwork(string prefix)
    {
        Server = new LabHost($"{prefix}-server", LabAddressing.Parse("193.0.2.10", "2a00:d:1::10"));
        World = new LabHost($"{prefix}-world", LabAddressing.Parse("193.0.2.20", "2a00:d:1::20"));
        _namespaces = [Server.Namespace!, World.Namespace!];
    }

    /// <summary>Addresses that the host has no way to, one for each kind of refusal that sending can meet.</summary>
    public static IReadOnlyList<(string Kind, IPAddress Address)> Unroutable { get; } =
    [
        ("throw", IPAddress.Parse("45.0.1.1")),
        ("unreachable", IPAddress.Parse("45.0.2.1")),
        ("prohibit", IPAddress.Parse("45.0.3.1")),
        ("blackhole", IPAddress.Parse("45.0.4.1")),
        ("throw", IPAddress.Parse("2a00:d:e1::1")),
        ("unreachable", IPAddress.Parse("2a00:d:e2::1")),
        ("prohibit", IPAddress.Parse("2a00:d:e3::1")),
        ("blackhole", IPAddress.Parse("2a00:d:e4::1")),
    ];

    /// <summary>The host.</summary>
    public LabHost Server { get; }

    /// <summary>Everybody else.</summary>
    public LabHost World { get; }

    /// <summary>Builds it.</summary>
    /// <exception cref="InvalidOperationException">The machine refused a step; the message holds its words.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static async Task<OpenNetwork> CreateAsync()
    {
        await NatLab.FirstSweep;
        var network = new OpenNetwork(LabNames.NewPrefix(keep: false));
        ProcessResult result = await NatLab.RunScriptAsync(Script(network.Server.Namespace!, network.World.Namespace!));
        if (result.ExitCode != 0)
        {
            await network.RemoveAsync();
            throw new InvalidOperationException($"The network could not be built.\n{result}");
        }

        return network;
    }

    /// <summary>Counts from now on what the host sends that an nftables expression matches, wherever it goes; under a name.</summary>
    public async Task CountAsync(string name, string expression)
    {
        ProcessResult result = await NatLab.RunScriptAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            ip netns exec {{Server.Namespace}} nft -f - <<'RULES'
            table inet count-{{name}} {
              counter sent { }
              chain output { type filter hook output priority 0; {{expression}} counter name sent; }
            }
            RULES
            """));
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"No counter.\n{result}");
        }
    }

    /// <summary>Reads a counter.</summary>
    public async Task<long> ReadCountAsync(string name)
    {
        ProcessResult result = await Server.RunAsync(TimeSpan.FromSeconds(30), "nft", "list", "counter", "inet", $"count-{name}", "sent");
        return long.Parse(Packets().Match(result.Output).Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Kills everything that runs in it and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        Server.KillStarted();
        World.KillStarted();
        await RemoveAsync();
    }

    [GeneratedRegex(@"packets (?<count>\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Packets();

    private static string Script(string server, string world)
    {
        string refusals = "";
        foreach ((string kind, IPAddress address) in Unroutable)
        {
            refusals += $"route add {kind} {address}\n";
        }

        return $$"""
            set -e
            ip netns add {{server}}
            ip netns add {{world}}
            ip -n {{world}} -batch - <<'BATCH'
            link set lo up
            link add server type veth peer name pub netns {{server}}
            addr add 193.0.2.1/24 dev server
            addr add 193.0.2.20/24 dev server
            addr add 2a00:d:1::1/64 dev server nodad
            addr add 2a00:d:1::20/64 dev server nodad
            link set server up
            route add local 0.0.0.0/0 dev lo table main
            route add local ::/0 dev lo table main
            BATCH
            ip -n {{server}} -batch - <<'BATCH'
            link set lo up
            addr add 193.0.2.10/24 dev pub
            addr add 2a00:d:1::10/64 dev pub nodad
            link set pub up
            route add default via 193.0.2.1
            route add default via 2a00:d:1::1
            {{refusals}}BATCH
            ip netns exec {{world}} sh -c 'echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind'

            """;
    }

    private Task<ProcessResult> RemoveAsync() => NatLab.RunScriptAsync(NatLab.RemovalScript(_namespaces));
}
