using System;
using System.Linq;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli ice</c> with itself on real NATs.</summary>
public sealed class OurIceTests
{
    private const Requirement Needs = Requirement.NatLab | Requirement.Coturn;

    private static readonly NatKind[] Kinds =
        [NatKind.Open, NatKind.FullCone, NatKind.AddressRestricted, NatKind.PortRestricted, NatKind.Symmetric];

    public static TheoryData<NatKind, NatKind, int> Cells()
    {
        TheoryData<NatKind, NatKind, int> cells = [];
        foreach (NatKind first in Kinds)
        {
            foreach (NatKind second in Kinds)
            {
                cells.Add(first, second, 0);
                cells.Add(first, second, 10);
            }
        }

        return cells;
    }

    [RequiresTheory(Needs)]
    [MemberData(nameof(Cells))]
    public async Task Ice_TwoNats_ConnectsDirectlyWhereAPathExists(NatKind first, NatKind second, int lossPercent)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = first, Second = second, LossPercent = lossPercent });

        IceOutcome outcome = await Duel().RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(outcome.Relayed != lab.IsDirectPossible, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.UdpBlocked, NatKind.Open, 0)]
    [InlineData(NatKind.UdpBlocked, NatKind.Symmetric, 0)]
    [InlineData(NatKind.PortRestricted, NatKind.UdpBlocked, 0)]
    [InlineData(NatKind.UdpBlocked, NatKind.UdpBlocked, 0)]
    [InlineData(NatKind.UdpBlocked, NatKind.PortRestricted, 10)]
    public async Task Ice_UdpBlocked_ConnectsOverTurnOverTcp(NatKind first, NatKind second, int lossPercent)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = first, Second = second, LossPercent = lossPercent });
        string[] arguments = [.. lab.ServerArguments("stun", "turn/udp", "turn/tcp")];

        IceOutcome outcome = await (Duel() with { FirstArguments = arguments, SecondArguments = arguments }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(first != NatKind.UdpBlocked || outcome.First.Local == "relay", outcome.ToString());
        Assert.True(second != NatKind.UdpBlocked || outcome.Second.Local == "relay", outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.Open, NatKind.Open)]
    [InlineData(NatKind.Symmetric, NatKind.Symmetric)]
    public async Task Ice_RelayOnly_GivesAwayNoOtherAddress(NatKind first, NatKind second)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = first, Second = second });
        string[] arguments = [.. lab.ServerArguments(), "--relay-only"];

        IceOutcome outcome = await (Duel() with { FirstArguments = arguments, SecondArguments = arguments }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.Equal("relay", outcome.First.Local);
        Assert.Equal("relay", outcome.Second.Local);
        Assert.NotEmpty(outcome.First.Candidates);
        string[] own = [lab.First.Address.ToString(), .. lab.Network.First.PublicAddresses.Select(static address => address.ToString())];
        Assert.All(outcome.First.Candidates, line => Assert.DoesNotContain(own, line.Split(' ').Contains));
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.PortRestricted, NatKind.AddressRestricted, "turn/udp")]
    [InlineData(NatKind.PortRestricted, NatKind.Symmetric, "turn/udp")]
    [InlineData(NatKind.Symmetric, NatKind.Symmetric, "turn/tcp")]
    public async Task Ice_OurOwnServer_ConnectsDirectlyWhereAPathExists(NatKind first, NatKind second, string scheme)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = first, Second = second, Coturn = false });
        await using LabProcess server = await IceLabServer.StartAsync(lab);
        string[] arguments = [.. lab.ServerArguments("stun", scheme)];

        IceOutcome outcome = await (Duel() with { FirstArguments = arguments, SecondArguments = arguments }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(outcome.Relayed != lab.IsDirectPossible, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.FullCone)]
    [InlineData(NatKind.PortRestricted)]
    public async Task Ice_SamePrivateAddressOnBothSides_ConnectsThroughTheNats(NatKind kind)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = kind, Second = kind, OverlappingLans = true });

        IceOutcome outcome = await Duel().RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.False(outcome.Relayed, outcome.ToString());
        Assert.NotEqual("host", outcome.First.Remote);
        Assert.NotEqual("host", outcome.Second.Remote);
    }

    [RequiresTheory(Needs)]
    [InlineData(NatKind.Open)]
    [InlineData(NatKind.PortRestricted)]
    [InlineData(NatKind.Symmetric)]
    public async Task Ice_IPv6_ConnectsDirectly(NatKind kind)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = kind, Second = kind, Family = LabFamily.IPv6 });

        IceOutcome outcome = await Duel().RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.False(outcome.Relayed, outcome.ToString());
    }

    [RequiresFact(Needs)]
    public async Task Ice_BothFamilies_ConnectsWhereIPv4NeedsARelay()
    {
        await using IceLab lab = await IceLab.CreateAsync(
            new IceLabOptions { First = NatKind.Symmetric, Second = NatKind.Symmetric, Family = LabFamily.Both });

        IceOutcome outcome = await Duel().RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.False(outcome.Relayed, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("--controlling")]
    [InlineData("--controlled")]
    public async Task Ice_BothInOneRole_OneGivesIn(string role)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions());

        IceOutcome outcome = await (Duel() with { FirstRole = role, SecondRole = role }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.False(outcome.Relayed, outcome.ToString());
    }

    [RequiresFact(Needs)]
    public async Task Ice_DeadServers_ConnectsWithWhatThereIs()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });

        // The router drops what is for nobody: neither an answer nor a refusal.
        string[] arguments =
        [
            "--server", "stun:203.0.113.200:3478", "--server", "turn:203.0.113.201:3478?transport=tcp", "--user", IceLab.User, "--password", IceLab.Password,
        ];
        IceOutcome outcome = await (Duel() with { FirstArguments = arguments, SecondArguments = arguments }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.Equal("host", outcome.First.Local);
    }

    [RequiresTheory(Needs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ice_WrongPassword_FailsAndSaysSo(bool bothWrong)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });
        IceDuel duel = Duel() with
        {
            FirstArguments = [],
            SecondArguments = [],
            FirstOnItsWay = IceDuel.WithPassword("ThisIsNotThePassword00"),
            Timeout = TimeSpan.FromSeconds(5),
        };

        IceOutcome outcome = await (bothWrong ? duel with { SecondOnItsWay = IceDuel.WithPassword("NeitherIsThisTheSecret") } : duel).RunAsync(lab);

        // Who has the right password may get its checks answered; who has the wrong one never does, and probes need both ways.
        Assert.False(outcome.Second.Succeeded, outcome.ToString());
        Assert.NotEqual(0, outcome.Second.Run.ExitCode);
        Assert.False(outcome.Second.Run.TimedOut, outcome.ToString());
        Assert.NotNull(outcome.Second.Reason);
        Assert.False(bothWrong && outcome.First.Succeeded, outcome.ToString());
    }

    private static IceDuel Duel() => new() { First = StackCliRun.IceAgent, Second = StackCliRun.IceAgent };
}
