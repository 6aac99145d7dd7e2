using System;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli ice</c> with agents on pion/ice and aioice, in both roles, on real NATs; where their own limits allow (docs/nat-lab.md).</summary>
public sealed class ForeignIceTests(PionPrograms programs) : IClassFixture<PionPrograms>
{
    private const Requirement Needs = Requirement.NatLab | Requirement.Coturn | Requirement.PionIce | Requirement.Aioice;

    private static readonly (NatKind First, NatKind Second)[] Cells =
    [
        (NatKind.Open, NatKind.Open),
        (NatKind.FullCone, NatKind.PortRestricted),
        (NatKind.AddressRestricted, NatKind.Symmetric),
        (NatKind.PortRestricted, NatKind.PortRestricted),
        (NatKind.Symmetric, NatKind.PortRestricted),
        (NatKind.Symmetric, NatKind.Symmetric),
    ];

    public static TheoryData<string, string, NatKind, NatKind> Meetings()
    {
        TheoryData<string, string, NatKind, NatKind> meetings = [];
        foreach (string peer in new[] { "pion", "aioice" })
        {
            foreach ((NatKind first, NatKind second) in Cells)
            {
                meetings.Add("ours", peer, first, second);
                meetings.Add(peer, "ours", first, second);
            }
        }

        return meetings;
    }

    [RequiresTheory(Needs)]
    [MemberData(nameof(Meetings))]
    public async Task Ice_ForeignAgent_ConnectsInBothRoles(string first, string second, NatKind firstKind, NatKind secondKind)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = firstKind, Second = secondKind });

        IceOutcome outcome = await (await DuelAsync(first, second)).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(outcome.Relayed || lab.IsDirectPossible, outcome.ToString());

        // aioice nominates the first pair that answers, the relay for one.
        Assert.True(!outcome.Relayed || !lab.IsDirectPossible || first == "aioice", outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("ours", "pion")]
    [InlineData("pion", "ours")]
    [InlineData("ours", "aioice")]
    [InlineData("aioice", "ours")]
    public async Task Ice_ForeignAgentWithLoss_Connects(string first, string second)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { LossPercent = 10 });

        // One of 220 runs with aioice failed, about the chance that its five checks of a pair are all lost (0.344^5); ours with ours never did.
        IceOutcome outcome = await (await DuelAsync(first, second)).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("ours", "pion")]
    [InlineData("pion", "ours")]
    [InlineData("ours", "aioice")]
    [InlineData("aioice", "ours")]
    public async Task Ice_ForeignAgentOverIPv6_ConnectsDirectly(string first, string second)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { Family = LabFamily.IPv6, Coturn = false });

        IceOutcome outcome = await (await DuelAsync(first, second) with { FirstArguments = [], SecondArguments = [] }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.False(outcome.Relayed, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("ours", "pion")]
    [InlineData("pion", "ours")]
    [InlineData("ours", "aioice")]
    [InlineData("aioice", "ours")]
    public async Task Ice_ForeignAgentBehindBlockedUdp_ConnectsOverTurnOverTcp(string first, string second)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.UdpBlocked, Second = NatKind.PortRestricted });

        IceOutcome outcome = await (await DuelAsync(first, second) with { FirstArguments = lab.ServerArguments("turn/tcp") }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.Equal("relay", outcome.First.Local);
    }

    // pion ignores role conflicts; only aioice repairs them.
    [RequiresTheory(Needs)]
    [InlineData("ours", "aioice", "--controlling", NatKind.Open)]
    [InlineData("ours", "aioice", "--controlled", NatKind.Open)]
    [InlineData("aioice", "ours", "--controlling", NatKind.PortRestricted)]
    [InlineData("aioice", "ours", "--controlled", NatKind.PortRestricted)]
    public async Task Ice_RoleConflictWithAioice_IsRepaired(string first, string second, string role, NatKind kind)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = kind, Second = kind });

        IceOutcome outcome = await (await DuelAsync(first, second) with { FirstRole = role, SecondRole = role }).RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("pion")]
    [InlineData("aioice")]
    public async Task Ice_WrongPasswordFromForeignAgent_FailsAndSaysSo(string peer)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });

        IceOutcome outcome = await (await DuelAsync("ours", peer) with
        {
            FirstArguments = [],
            SecondArguments = [],
            FirstOnItsWay = IceDuel.WithPassword("ThisIsNotThePassword00"),
            SecondOnItsWay = IceDuel.WithPassword("NeitherIsThisTheSecret"),
            Timeout = TimeSpan.FromSeconds(5),
        }).RunAsync(lab);

        Assert.False(outcome.First.Succeeded, outcome.ToString());
        Assert.False(outcome.First.Run.TimedOut, outcome.ToString());
        Assert.NotNull(outcome.First.Reason);
        Assert.False(outcome.Second.Succeeded, outcome.ToString());
    }

    private async Task<IceDuel> DuelAsync(string first, string second)
        => new() { First = await ProgramAsync(first), Second = await ProgramAsync(second) };

    private async Task<IceProgram> ProgramAsync(string name) => name switch
    {
        "pion" => await programs.IceAsync(),
        "aioice" => IceProgram.Aioice,
        _ => StackCliRun.IceAgent,
    };
}
