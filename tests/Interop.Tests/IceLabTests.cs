using System;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>The ICE lab does what it says, by the word of programs that are not ours.</summary>
public sealed class IceLabTests(PionPrograms programs) : IClassFixture<PionPrograms>
{
    private const Requirement Needs = Requirement.NatLab | Requirement.Coturn | Requirement.PionIce | Requirement.Aioice;
    private const int ProbeBytes = 5 * 172;

    [RequiresTheory(Needs)]
    [InlineData("pion", "pion", NatKind.PortRestricted, NatKind.PortRestricted)]
    [InlineData("aioice", "aioice", NatKind.PortRestricted, NatKind.PortRestricted)]
    [InlineData("aioice", "aioice", NatKind.AddressRestricted, NatKind.Symmetric)]
    [InlineData("pion", "aioice", NatKind.Symmetric, NatKind.FullCone)]
    [InlineData("pion", "pion", NatKind.Symmetric, NatKind.PortRestricted)]
    [InlineData("aioice", "aioice", NatKind.Symmetric, NatKind.Symmetric)]
    [InlineData("aioice", "pion", NatKind.PortRestricted, NatKind.Symmetric)]
    public async Task IceLab_Kinds_ConnectDirectlyWhereAPathExists(string first, string second, NatKind firstKind, NatKind secondKind)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = firstKind, Second = secondKind });

        IceOutcome outcome = await new IceDuel { First = await ProgramAsync(first), Second = await ProgramAsync(second) }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(outcome.Relayed || lab.IsDirectPossible, outcome.ToString());

        // aioice nominates the first pair that answers, the relay for one.
        Assert.True(!outcome.Relayed || !lab.IsDirectPossible || first == "aioice", outcome.ToString());
        Assert.Equal(ProbeBytes, outcome.First.ReceivedBytes);
        Assert.Equal(ProbeBytes, outcome.Second.ReceivedBytes);
    }

    [RequiresTheory(Needs)]
    [InlineData("pion")]
    [InlineData("aioice")]
    public async Task IceLab_UdpBlocked_ConnectsOverTurnOverTcp(string name)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.UdpBlocked, Second = NatKind.Open });
        IceProgram program = await ProgramAsync(name);

        IceOutcome outcome = await new IceDuel
        {
            First = program,
            Second = program,
            FirstArguments = lab.ServerArguments("turn/tcp"),
            SecondArguments = [],
        }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.Equal("relay", outcome.First.Local);

        // A check that comes before its candidate is signaled makes the relay peer-reflexive to the other one.
        Assert.Contains(outcome.Second.Remote, (string[])["relay", "prflx"]);
    }

    [RequiresTheory(Needs)]
    [InlineData("pion", "turn/udp")]
    [InlineData("pion", "turn/tcp")]
    [InlineData("aioice", "turn/udp")]
    [InlineData("aioice", "turn/tcp")]
    public async Task IceLab_OurTurnServer_RelaysForForeignAgents(string name, string scheme)
    {
        await using IceLab lab = await IceLab.CreateAsync(
            new IceLabOptions { First = NatKind.Symmetric, Second = NatKind.PortRestricted, Coturn = false });
        await using LabProcess server = await IceLabServer.StartAsync(lab);
        IceProgram program = await ProgramAsync(name);
        string[] arguments = [.. lab.ServerArguments("stun", scheme)];

        IceOutcome outcome = await new IceDuel { First = program, Second = program, FirstArguments = arguments, SecondArguments = arguments }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.True(outcome.Relayed, outcome.ToString());
    }

    [RequiresFact(Needs)]
    public async Task IceLab_IPv6_NeedsNoServerBetweenTwoFilters()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { Family = LabFamily.IPv6, Coturn = false });

        IceOutcome outcome = await new IceDuel
        {
            First = await programs.IceAsync(),
            Second = IceProgram.Aioice,
            FirstArguments = [],
            SecondArguments = [],
        }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
        Assert.All(outcome.First.Candidates, line => Assert.Contains("2001:db8:1::2", line, StringComparison.Ordinal));
        Assert.False(outcome.Relayed, outcome.ToString());
    }

    [RequiresFact(Needs)]
    public async Task IceLab_SamePrivateAddressOnBothSides_ConnectsThroughTheNats()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { OverlappingLans = true });

        IceOutcome outcome = await new IceDuel { First = IceProgram.Aioice, Second = IceProgram.Aioice }.RunAsync(lab);

        Assert.Equal(lab.First.Address, lab.Second.Address);
        Assert.True(outcome.Connected, outcome.ToString());
        Assert.NotEqual("host", outcome.First.Remote);
        Assert.NotEqual("host", outcome.Second.Remote);
    }

    // Aggressive nomination from both: one of them must give in.
    [RequiresFact(Needs)]
    public async Task IceLab_BothControlling_AioiceRepairsIt()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });

        IceOutcome outcome = await new IceDuel
        {
            First = IceProgram.Aioice,
            Second = IceProgram.Aioice,
            SecondRole = "--controlling",
            FirstArguments = [],
            SecondArguments = [],
        }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());
    }

    [RequiresTheory(Needs)]
    [InlineData("pion")]
    [InlineData("aioice")]
    public async Task IceLab_WrongPassword_FailsBoth(string name)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });
        IceProgram program = await ProgramAsync(name);

        IceOutcome outcome = await new IceDuel
        {
            First = program,
            Second = program,
            FirstArguments = [],
            SecondArguments = [],
            FirstOnItsWay = IceDuel.WithPassword("ThisIsNotThePassword00"),
            SecondOnItsWay = IceDuel.WithPassword("NeitherIsThisTheSecret"),
            Timeout = TimeSpan.FromSeconds(3),
        }.RunAsync(lab);

        Assert.False(outcome.First.Succeeded, outcome.ToString());
        Assert.False(outcome.Second.Succeeded, outcome.ToString());
        Assert.NotNull(outcome.First.Reason);
        Assert.NotNull(outcome.Second.Reason);
    }

    [RequiresFact(Needs)]
    public async Task IceLab_RoundTrip_IsThatOfTheProbes()
    {
        await using IceLab lab = await IceLab.CreateAsync(
            new IceLabOptions { First = NatKind.Open, Second = NatKind.PortRestricted, RoundTrip = TimeSpan.FromMilliseconds(60), Coturn = false });

        IceOutcome outcome = await new IceDuel
        {
            First = await programs.IceAsync(),
            Second = await programs.IceAsync(),
            FirstArguments = [],
            SecondArguments = [],
        }.RunAsync(lab);

        Assert.True(outcome.Connected, outcome.ToString());

        // Never early; how late depends on what else the machine does.
        Assert.True(outcome.First.ProbeRttMs >= 60, outcome.ToString());
        Assert.True(outcome.Second.ProbeRttMs >= 60, outcome.ToString());
    }

    private async Task<IceProgram> ProgramAsync(string name) => name == "pion" ? await programs.IceAsync() : IceProgram.Aioice;
}
