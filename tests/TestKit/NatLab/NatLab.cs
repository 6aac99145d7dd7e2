using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// A public network with a server and one or two NAT boxes, each with a client behind it, made of network namespaces and nftables on this
/// machine. No route leads out of it. Needs <see cref="Requirement.NatLab"/>. See docs/nat-lab.md.
/// </summary>
/// <remarks>
/// Labs are independent of each other and may run side by side. Disposing kills what runs inside and removes everything; what a crashed
/// run left behind goes away with the next lab. With the environment variable STACK_KEEP_LAB=1 the namespaces stay for a look inside.
/// </remarks>
public sealed class NatLab : IAsyncDisposable
{
    private static readonly TimeSpan SetupTimeout = TimeSpan.FromSeconds(60);
    internal static readonly Task FirstSweep = SweepAsync();

    private readonly IReadOnlyList<string> _namespaces;
    private readonly bool _keep;
    private readonly List<LinkWire> _wires = [];

    private NatLab(NatLabOptions options, string prefix, bool keep, IReadOnlyList<(NatKind Kind, LabAddressing Addressing)> boxes)
    {
        Options = options;
        _keep = keep;
        Server = new LabHost(
            $"{prefix}-server",
            LabAddressing.Parse([.. LabAddressing.Server4(options.ServerAddresses), .. LabAddressing.Server6(options.ServerAddresses)]));
        First = Box(1);
        Second = boxes.Count > 1 ? Box(2) : null;
        _namespaces = [.. new[] { First, Second }.OfType<NatBox>().SelectMany(Names), Server.Namespace!, $"{prefix}-net"];

        NatBox Box(int number)
        {
            (NatKind kind, LabAddressing addressing) = boxes[number - 1];
            IEnumerable<string> seen = addressing.Translates ? addressing.Public4 : [addressing.Client4];
            return new NatBox(
                kind,
                new LabHost($"{prefix}-nat{number}", LabAddressing.Parse([.. addressing.Public4, addressing.Gateway4, addressing.Public6])),
                new LabHost($"{prefix}-client{number}", LabAddressing.Parse(ClientAddresses(addressing))),
                LabAddressing.Parse(seen));
        }
    }

    /// <summary>What the lab was made of.</summary>
    public NatLabOptions Options { get; }

    /// <summary>The host on the public network: 203.0.113.10, 203.0.113.11 and on, 2001:db8:113::10 and on.</summary>
    public LabHost Server { get; }

    /// <summary>The first box with its client.</summary>
    public NatBox First { get; }

    /// <summary>The second box with its client; null unless <see cref="NatLabOptions.Second"/> was set.</summary>
    public NatBox? Second { get; }

    /// <summary>The client behind the first box.</summary>
    public LabHost FirstClient => First.Client;

    /// <summary>The client behind the second box.</summary>
    /// <exception cref="InvalidOperationException">The lab has no second box.</exception>
    public LabHost SecondClient => Second?.Client ?? throw new InvalidOperationException("NatLabOptions.Second was not set.");

    /// <summary>Builds a lab; takes about a tenth of a second.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or are out of range.</exception>
    /// <exception cref="InvalidOperationException">The machine refused a step; the message holds its words.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static async Task<NatLab> CreateAsync(NatLabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        await FirstSweep;

        bool keep = Environment.GetEnvironmentVariable("STACK_KEEP_LAB") == "1";
        string prefix = LabNames.NewPrefix(keep);
        List<(NatKind Kind, LabAddressing Addressing)> boxes = new[] { options.First, options.Second }
            .OfType<NatKind>()
            .Select((kind, index) => (kind, new LabAddressing(index + 1, kind, options.PublicAddresses, options.OverlappingLans)))
            .ToList();
        NatLab lab = new(options, prefix, keep, boxes);
        try
        {
            if (options.Delayed)
            {
                // A link without a wire has no carrier, and a device without a carrier takes no routes.
                await BuildAsync(LabScript.Namespaces(prefix, boxes.Count, delayed: true));
                lab.Connect(prefix, boxes.Count);
                await BuildAsync(LabScript.Build(prefix, options, boxes));
            }
            else
            {
                await BuildAsync(LabScript.Namespaces(prefix, boxes.Count, delayed: false) + LabScript.Build(prefix, options, boxes));
            }

            return lab;
        }
        catch
        {
            await lab.RemoveAsync();
            throw;
        }
    }

    /// <summary>Removes what processes that no longer exist have left behind; the first lab of a process does this by itself.</summary>
    public static async Task SweepAsync()
    {
        DirectoryInfo all = new("/run/netns");
        List<string> orphans = all.Exists ? all.EnumerateFiles().Select(file => file.Name).Where(LabNames.IsOrphan).ToList() : [];
        if (orphans.Count > 0)
        {
            await RunScriptAsync(RemovalScript(orphans));
        }
    }

    /// <summary>Kills everything that runs in the lab and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (LabHost host in new[] { First, Second }.OfType<NatBox>().SelectMany(box => new[] { box.Client, box.Host }).Append(Server))
        {
            host.KillStarted();
        }

        if (!_keep)
        {
            await RemoveAsync();
        }
    }

    private static async Task BuildAsync(string script)
    {
        ProcessResult result = await RunScriptAsync(script);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"The lab could not be built.\n{result}");
        }
    }

    private void Connect(string prefix, int boxes)
    {
        for (int number = 1; number <= boxes; number++)
        {
            string device = string.Create(CultureInfo.InvariantCulture, $"nat{number}");
            _wires.Add(LinkWire.Connect($"{prefix}-net", device, $"{prefix}-{device}", "pub", Options.LinkDelay, Options.LinkJitter));
        }
    }

    private string[] ClientAddresses(LabAddressing addressing) => Options.Clients switch
    {
        LabFamily.IPv4 => [addressing.Client4],
        LabFamily.IPv6 => [addressing.Client6],
        _ => [addressing.Client4, addressing.Client6],
    };

    private static IEnumerable<string> Names(NatBox box) => [box.Client.Namespace!, box.Host.Namespace!];

    private async Task RemoveAsync()
    {
        _wires.ForEach(static wire => wire.Dispose());
        await RunScriptAsync(RemovalScript(_namespaces));
    }

    // A namespace lives on, with its addresses, while a process is in it: end those first.
    internal static string RemovalScript(IEnumerable<string> namespaces) => string.Concat(namespaces.Select(name => string.Create(
        CultureInfo.InvariantCulture,
        $"for pid in $(ip netns pids {name} 2>/dev/null); do kill -9 $pid 2>/dev/null; done; ip netns del {name} 2>/dev/null\n")));

    internal static async Task<ProcessResult> RunScriptAsync(string script)
    {
        await using LabProcess shell = LabProcess.Start("/bin/sh", ["-c", script]);
        return await shell.WaitForExitAsync(SetupTimeout);
    }
}
