using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>The NAT lab behaves as it says, by the word of programs that are not ours.</summary>
public sealed class NatLabTests(NatLabSurvey survey) : IClassFixture<NatLabSurvey>
{
    private const Requirement Peers = Requirement.NatLab | Requirement.Coturn | Requirement.CoturnUtils | Requirement.VovidaStun;
    private const string Independent = "NAT with Endpoint Independent";
    private const string ByAddress = "NAT with Address Dependent";
    private const string ByAddressAndPort = "NAT with Address and Port Dependent";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [RequiresTheory(Peers)]
    [InlineData(NatKind.Open, Independent, Independent)]
    [InlineData(NatKind.FullCone, Independent, Independent)]
    [InlineData(NatKind.AddressRestricted, Independent, ByAddress)]
    [InlineData(NatKind.PortRestricted, Independent, ByAddressAndPort)]
    [InlineData(NatKind.AddressDependentMapping, ByAddress, ByAddress)]
    [InlineData(NatKind.Symmetric, ByAddressAndPort, ByAddressAndPort)]
    [InlineData(NatKind.SymmetricFirewall, Independent, ByAddressAndPort)]
    [InlineData(NatKind.LinuxMasquerade, Independent, ByAddressAndPort)]
    public async Task NatLab_Kind_HasItsMappingAndFiltering(NatKind kind, string mapping, string filtering)
    {
        NatLabVerdict verdict = await survey.AskAsync(
            kind, found => found.Lines.Mapping == mapping + " Mapping" && found.Lines.Filtering == filtering + " Filtering");

        Assert.True(mapping + " Mapping" == verdict.Lines.Mapping, verdict.Lines.Raw.ToString());
        Assert.True(filtering + " Filtering" == verdict.Lines.Filtering, verdict.Lines.Raw.ToString());
        Assert.NotEmpty(verdict.Lines.Reflexive);
        Assert.All(verdict.Lines.Reflexive, seen => Assert.Contains(seen.Address, verdict.PublicAddresses));
    }

    [RequiresTheory(Peers)]
    [InlineData(NatKind.Open, VovidaStun.Open)]
    [InlineData(NatKind.FullCone, VovidaStun.FullCone)]
    [InlineData(NatKind.AddressRestricted, VovidaStun.AddressRestricted)]
    [InlineData(NatKind.PortRestricted, VovidaStun.PortRestricted)]
    [InlineData(NatKind.Symmetric, VovidaStun.Symmetric)]
    [InlineData(NatKind.UdpBlocked, VovidaStun.Blocked)]
    public async Task NatLab_Kind_HasItsClassicName(NatKind kind, int classic)
    {
        NatLabVerdict verdict = await survey.AskAsync(kind, found => found.Classic == classic);

        Assert.Equal(classic, verdict.Classic);
    }

    [RequiresFact(Peers)]
    public async Task NatLab_UdpBlocked_LetsNoAnswerThrough()
    {
        NatLabVerdict verdict = await survey.AskAsync(NatKind.UdpBlocked, static found => found.Lines.Timeouts >= 2);

        Assert.Empty(verdict.Lines.Reflexive);
        Assert.Null(verdict.Lines.Mapping);
        Assert.Null(verdict.Lines.Filtering);
        Assert.True(verdict.Lines.Timeouts >= 2, verdict.Lines.Raw.ToString());
    }

    [RequiresFact(Peers)]
    public async Task NatLab_PortsTranslated_MappingStaysIndependent()
    {
        NatLabVerdict verdict = await NatLabSurvey.AskAsync(new NatLabOptions { First = NatKind.AddressRestricted, PreservePorts = false });

        Assert.Equal(Independent + " Mapping", verdict.Lines.Mapping);
        Assert.Equal(ByAddress + " Filtering", verdict.Lines.Filtering);
        Assert.All(verdict.Lines.Reflexive, seen => Assert.InRange(seen.Port, 10000, 15999));
        Assert.Equal(VovidaStun.AddressRestricted & ~VovidaStun.PreservesPorts, verdict.Classic);
    }

    [RequiresTheory(Peers)]
    [InlineData(true, VovidaStun.PortRestricted & ~VovidaStun.DoesNotHairpin)]
    [InlineData(false, VovidaStun.PortRestricted)]
    public async Task NatLab_Hairpinning_IsSeenByBothClients(bool hairpinning, int classic)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.PortRestricted, Hairpinning = hairpinning });
        await using CoturnServer server = await CoturnServer.StartAsync(
            new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true, Lines = ["no-auth"] });

        Assert.Equal(classic, await VovidaStun.ClassifyAsync(lab.FirstClient, server.EndPoint));
        NatDiscoveryLines lines = await TurnutilsNatDiscovery.RunAsync(lab.FirstClient, server.EndPoint, "-H");
        Assert.True(hairpinning == lines.Hairpins, lines.Raw.ToString());
    }

    [RequiresTheory(Peers)]
    [InlineData(1, true)]
    [InlineData(8, false)]
    public async Task NatLab_UdpTimeout_EndsTheBinding(int silenceSeconds, bool alive)
    {
        await using NatLab lab = await NatLab.CreateAsync(
            new NatLabOptions { First = NatKind.PortRestricted, UdpTimeout = TimeSpan.FromSeconds(5) });
        await using CoturnServer server = await CoturnServer.StartAsync(
            new CoturnOptions { Host = lab.Server, BehaviorDiscovery = true, Lines = ["no-auth"] });

        NatDiscoveryLines lines = await TurnutilsNatDiscovery.RunAsync(
            lab.FirstClient, server.EndPoint, "-t", "-T", silenceSeconds.ToString(CultureInfo.InvariantCulture));
        Assert.True(lines.Timeouts == (alive ? 0 : 1), lines.Raw.ToString());
        Assert.Equal(alive ? 2 : 1, lines.Reflexive.Count);
    }

    [RequiresTheory(Peers)]
    [InlineData(NatKind.PortRestricted)]
    [InlineData(NatKind.Symmetric)]
    public async Task NatLab_SeveralPublicAddresses_AreAllSeen(NatKind kind)
    {
        NatLabVerdict verdict = await NatLabSurvey.AskAsync(new NatLabOptions { First = kind, PublicAddresses = 4 });

        Assert.Equal(4, verdict.PublicAddresses.Count);
        Assert.Equal(kind == NatKind.Symmetric ? ByAddressAndPort + " Mapping" : Independent + " Mapping", verdict.Lines.Mapping);
        Assert.All(verdict.Lines.Reflexive, seen => Assert.Contains(seen.Address, verdict.PublicAddresses));
        if (kind == NatKind.Symmetric)
        {
            Assert.True(verdict.Lines.Reflexive.Select(seen => seen.Address).Distinct().Count() > 1, verdict.Lines.Raw.ToString());
        }
    }

    [RequiresTheory(Requirement.NatLab)]
    [InlineData(0, 0, 0)]
    [InlineData(20, 120, 290)]
    [InlineData(100, 1000, 1000)]
    public async Task NatLab_Loss_IsWhatWasAskedForInBothDirections(int percent, int fewest, int most)
    {
        const int Sent = 1000;
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Open, LossPercent = percent });

        // 20 % of 1000 is 200 with a standard deviation of 13: the bounds are six of them away.
        Assert.InRange(Sent - await SendAsync(lab.FirstClient, lab.Server, Sent), fewest, most);
        Assert.InRange(Sent - await SendAsync(lab.Server, lab.FirstClient, Sent), fewest, most);
    }

    [RequiresFact(Requirement.NatLab)]
    public async Task NatLab_TwoLabsAndTwoBoxes_StandSideBySideAndLeaveNothing()
    {
        string[] names;
        await using (NatLab one = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Open, Second = NatKind.SymmetricFirewall }))
        await using (NatLab two = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.Open, Second = NatKind.Open }))
        {
            names = [one.Server.Namespace!, one.SecondClient.Namespace!, two.Server.Namespace!, two.SecondClient.Namespace!];
            Assert.Equal(4, names.Distinct().Count());
            Assert.Equal(10, await SendAsync(two.FirstClient, two.SecondClient, 10));
            Assert.Equal(0, await SendAsync(one.FirstClient, one.SecondClient, 10));

            // A program that nobody stops goes with its lab.
            await using LabProcess forgotten = two.FirstClient.Start("sleep", "1000");
            await two.DisposeAsync();
            Assert.False((await forgotten.WaitForExitAsync(Timeout)).TimedOut);
        }

        ProcessResult left = await LabHost.Local.RunAsync(Timeout, "ip", "netns", "list");
        Assert.All(names, name => Assert.DoesNotContain(name, left.Output, StringComparison.Ordinal));
    }

    [RequiresFact(Requirement.NatLab)]
    public async Task NatLab_LeftByADeadProcess_IsRemovedByTheNext()
    {
        // No process ever has this id: it is above the kernel's limit of 2^22.
        const string Orphan = "stacklab-4194305-1-1-net";
        await LabHost.Local.RunAsync(Timeout, "ip", "netns", "add", Orphan);

        await NatLab.SweepAsync();

        ProcessResult left = await LabHost.Local.RunAsync(Timeout, "ip", "netns", "list");
        Assert.DoesNotContain(Orphan, left.Output, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.NatLab)]
    public async Task NatLab_Server_HasNoWayOut()
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = NatKind.FullCone });

        // A datagram to where nobody is must vanish, not fail: no route would be an error of the send.
        ProcessResult away = await lab.Server.RunAsync(Timeout, "bash", "-c", "echo x >/dev/udp/192.168.77.77/9");
        Assert.True(away.ExitCode == 0, away.ToString());
        ProcessResult links = await lab.Server.RunAsync(Timeout, "ip", "-o", "link", "show");
        Assert.Equal(2, links.OutputLines.Count);
    }

    private static async Task<int> SendAsync(LabHost from, LabHost to, int count)
    {
        int before = await UnclaimedDatagramsAsync(to);
        string script = string.Create(CultureInfo.InvariantCulture, $"for i in $(seq {count}); do echo x >/dev/udp/{to.Address}/9; done");
        ProcessResult sent = await from.RunAsync(Timeout, "bash", "-c", script);
        Assert.True(sent.ExitCode == 0, sent.ToString());

        // The last ones may still be on their way through the kernel: what counts is what two looks agree on.
        int seen;
        int after = await UnclaimedDatagramsAsync(to);
        do
        {
            seen = after;
            after = await UnclaimedDatagramsAsync(to);
        }
        while (after != seen);

        return after - before;
    }

    // The kernel's own count of datagrams to ports that nobody holds.
    private static async Task<int> UnclaimedDatagramsAsync(LabHost host)
    {
        ProcessResult counters = await host.RunAsync(Timeout, "cat", "/proc/net/snmp");
        string[][] udp = counters.OutputLines
            .Where(line => line.StartsWith("Udp: ", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToArray();
        return int.Parse(udp[1][Array.IndexOf(udp[0], "NoPorts")], CultureInfo.InvariantCulture);
    }
}
