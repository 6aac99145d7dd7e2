using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>What <c>stackcli nat</c> says of real NATs, with coturn as the server.</summary>
public sealed class NatVerdictTests
{
    private const Requirement Needs = Requirement.NatLab | Requirement.Coturn;
    private const string Independent = "endpoint-independent";
    private const string ByAddress = "address-dependent";
    private const string ByAddressAndPort = "address-and-port-dependent";

    [RequiresTheory(Needs)]
    [InlineData(NatKind.Open, 0, Independent, Independent, "open-internet")]
    [InlineData(NatKind.FullCone, 0, Independent, Independent, "full-cone")]
    [InlineData(NatKind.AddressRestricted, 0, Independent, ByAddress, "restricted-cone")]
    [InlineData(NatKind.PortRestricted, 0, Independent, ByAddressAndPort, "port-restricted-cone")]
    [InlineData(NatKind.LinuxMasquerade, 0, Independent, ByAddressAndPort, "port-restricted-cone")]
    [InlineData(NatKind.AddressDependentMapping, 0, ByAddress, ByAddress, "symmetric")]
    [InlineData(NatKind.Symmetric, 0, ByAddressAndPort, ByAddressAndPort, "symmetric")]
    [InlineData(NatKind.SymmetricFirewall, 0, Independent, ByAddressAndPort, "symmetric-firewall")]
    [InlineData(NatKind.Open, 20, Independent, Independent, "open-internet")]
    [InlineData(NatKind.FullCone, 20, Independent, Independent, "full-cone")]
    [InlineData(NatKind.AddressRestricted, 20, Independent, ByAddress, "restricted-cone")]
    [InlineData(NatKind.PortRestricted, 20, Independent, ByAddressAndPort, "port-restricted-cone")]
    [InlineData(NatKind.Symmetric, 20, ByAddressAndPort, ByAddressAndPort, "symmetric")]
    public async Task Nat_Kind_IsNamedRight(NatKind kind, int lossPercent, string mapping, string filtering, string classic)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = kind, LossPercent = lossPercent });
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true });

        // Silence is believed only after all of a transaction's time, by round trips that a process just started measures too long: that takes more
        // than the minute that there is by default. Where a fifth is lost each way, all seven tries are lost with a chance of 0.36^7, one in 1300.
        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", server.EndPoint.ToString());

        JsonElement json = StackCliRun.Json(run);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(mapping == json.GetProperty("mapping").GetString(), run.ToString());
        Assert.True(filtering == json.GetProperty("filtering").GetString(), run.ToString());
        Assert.True(classic == json.GetProperty("classic").GetString(), run.ToString());
    }

    [RequiresFact(Needs)]
    public async Task Nat_UdpBlocked_SaysSoAndExits3()
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.UdpBlocked });
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true });

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", server.EndPoint.ToString());

        Assert.True(run.ExitCode == 3, run.ToString());
        Assert.Equal("udp-blocked", StackCliRun.Json(run).GetProperty("classic").GetString());
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.FullCone)]
    [InlineData(NatKind.PortRestricted)]
    public async Task Nat_ServerWithoutRfc5780_FilteringIsUnknownAndNeverAGuess(NatKind kind)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = kind });
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Host = lab.Server });

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", server.EndPoint.ToString());

        JsonElement json = StackCliRun.Json(run);
        Assert.True(json.GetProperty("filtering").GetString() == "unknown", run.ToString());
        Assert.Equal("unknown", json.GetProperty("classic").GetString());
        Assert.True(json.GetProperty("natted").GetBoolean());
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.PortRestricted, Independent)]
    [InlineData(NatKind.Symmetric, "unknown")]
    public async Task Nat_SeveralPlainServers_TellMappingAlone(NatKind kind, string mapping)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = kind });
        string[] servers = [.. lab.Server.Addresses4.Take(2).Select(address => $"{address}:3478")];
        await using LabProcess one = await StackCliRun.ServeAsync(lab.Server, "--listen", $"udp://{servers[0]}");
        await using LabProcess two = await StackCliRun.ServeAsync(lab.Server, "--listen", $"udp://{servers[1]}");

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, ["nat", "--json", "--timeout", "300", .. servers]);

        JsonElement json = StackCliRun.Json(run);
        Assert.True(mapping == json.GetProperty("mapping").GetString(), run.ToString());
        Assert.Equal("unknown", json.GetProperty("filtering").GetString());
        Assert.Equal(kind == NatKind.Symmetric ? "symmetric" : "unknown", json.GetProperty("classic").GetString());
    }

    [RequiresTheory(Needs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nat_Hairpinning_IsSeen(bool hairpinning)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.PortRestricted, Hairpinning = hairpinning });
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true });

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", server.EndPoint.ToString());

        Assert.True(StackCliRun.Json(run).GetProperty("hairpinning").GetBoolean() == hairpinning, run.ToString());
    }

    [RequiresFact(Needs)]
    public async Task Nat_SeveralPublicAddresses_DoNotConfuseTheVerdict()
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Symmetric, PublicAddresses = 4 });
        await using CoturnServer server = await CoturnServer.StartAsync(new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true });

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", server.EndPoint.ToString());

        JsonElement json = StackCliRun.Json(run);
        Assert.True(json.GetProperty("mapping").GetString() == ByAddressAndPort, run.ToString());
        Assert.True(json.GetProperty("externalAddresses").GetArrayLength() > 1, run.ToString());
    }

    [RequiresFact(Needs)]
    public async Task Nat_BindingLifetime_IsMeasured()
    {
        await using NatLab lab = await NatLab.CreateAsync(
            new NatLabOptions { First = NatKind.PortRestricted, UdpTimeout = TimeSpan.FromSeconds(6) });
        await using LabProcess server = await StackCliRun.ServeAsync(
            lab.Server, "--listen", "udp://203.0.113.10:3478", "--alternate", "203.0.113.11:3479");

        // The kernel's timeout is 6 s; it counts in steps of its own, and the test in steps of about a second. On a machine that has much else to
        // do a silence becomes longer than it was meant to be: then it is measured again.
        var runs = new List<ProcessResult>();
        bool measured = false;
        while (!measured && runs.Count < 4)
        {
            runs.Add(await StackCliRun.RunAsync(
                lab.FirstClient, "nat", "--json", "--timeout", "300", "--lifetime", "--lifetime-max", "16", "203.0.113.10:3478"));
            JsonElement lifetime = StackCliRun.Json(runs[^1]).GetProperty("lifetime");
            measured = IsWithin(lifetime.GetProperty("atLeastMs"), 4000, 7000) && IsWithin(lifetime.GetProperty("belowMs"), 5000, 9000);
        }

        Assert.True(measured, string.Join('\n', runs));
    }

    [RequiresFact(Needs)]
    public async Task Nat_OverIPv6_HasNoTranslation()
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Open });
        await using LabProcess server = await StackCliRun.ServeAsync(
            lab.Server, "--listen", "udp://[2001:db8:113::10]:3478", "--alternate", "[2001:db8:113::11]:3479");

        ProcessResult run = await StackCliRun.RunAsync(lab.FirstClient, "nat", "--json", "--timeout", "300", "[2001:db8:113::10]:3478");

        JsonElement json = StackCliRun.Json(run);
        Assert.True(json.GetProperty("classic").GetString() == "open-internet", run.ToString());
        Assert.False(json.GetProperty("natted").GetBoolean());
    }

    private static bool IsWithin(JsonElement value, double least, double most)
        => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= least && value.GetDouble() <= most;
}
