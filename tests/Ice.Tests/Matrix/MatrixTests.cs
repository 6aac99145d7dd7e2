using System;
using System.Linq;
using Xunit;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>
/// Every kind of access with every other: the types of the selected pair, as the left side sees them, which controls. L is host, S server-reflexive,
/// P peer-reflexive, R relayed; t is TCP, all else UDP.
/// </summary>
/// <remarks>
/// The table is the one that browsers are tested by, but where RFC 8445 and RFC 6544 lead elsewhere: TURN is on TCP port 443 too, so that nobody is left
/// without a connection, and relayed ones come where the table of browsers has none; hosts connect by TCP to public ones from behind NATs, which see a
/// peer-reflexive candidate then; and the side that opens a TCP connection is a peer-reflexive candidate to both (RFC 6544 section 7.2), so that of two
/// pairs the one is better whose host candidate is the controlling side's.
/// </remarks>
public sealed class MatrixTests
{
    private static readonly string[] Selected =
    [
        //  Open Full Addr Port Sym  2Con S+C  !UDP !TCP HTTP
        "LL  LS  LS  LS  LP  LS  LP  tLP tLP LR", // Open
        "SL  SS  SS  SS  SP  SS  SP  tPL SR  SR", // FullCone
        "SL  SS  SS  SS  SP  SS  SP  tPL SR  SR", // AddressRestricted
        "SL  SS  SS  SS  RP  SS  RP  tPL SR  SR", // PortRestricted
        "PL  PS  PS  PR  PR  PS  PR  tPL PR  PR", // Symmetric
        "SL  SS  SS  SS  SP  SS  SP  tPL SR  SR", // DoubleCone
        "PL  PS  PS  PR  PR  PS  PR  tPL PR  PR", // SymmetricThenCone
        "tLP tLP tLP tLP tLP tLP tLP tLP tLP RR", // NoUdp
        "tPL RS  RS  RS  RP  RS  RP  tPL RR  RR", // NoUdpAndNoIncomingTcp
        "RL  RS  RS  RS  RP  RS  RP  RR  RR  RR", // HttpOnly
    ];

    public static TheoryData<Access, Access> Cells { get; } = Pairs(static (_, _) => true);

    /// <summary>Those that have no way but a relay over TCP.</summary>
    public static TheoryData<Access, Access> BlockedCells { get; } = Pairs(static (left, right)
        => !Expected(left, right).StartsWith('t') && (left >= Access.NoUdp || right >= Access.NoUdp));

    [Theory]
    [MemberData(nameof(Cells))]
    public void Session_EveryAccessWithEveryOther_SelectsTheBestPair(Access left, Access right)
    {
        using var scenario = new IceScenario(roundTrip: 40, traces: true);
        scenario.Start(scenario.PlaceLeft(left), scenario.PlaceRight(right), WithTurnOverTcp);
        Assert.True(scenario.Becomes(() => scenario.AreUsable, 1), scenario.ToString());
        Assert.True(scenario.Completes(), scenario.ToString());
        CandidatePair ours = scenario.Left.Agent.GetSelectedPair(0, 1)!;
        CandidatePair theirs = scenario.Right.Agent.GetSelectedPair(0, 1)!;
        string types = $"{(ours.Local.Transport == CandidateTransport.Tcp ? "t" : "")}{Letter(ours.Local)}{Letter(ours.Remote)}";
        Assert.True(Expected(left, right) == types, $"{types} in place of {Expected(left, right)}\n{scenario}");
        if (ours.Local.Transport == CandidateTransport.Udp)
        {
            Assert.Equal((ours.Local.Address, ours.Remote.Address), (theirs.Remote.Address, theirs.Local.Address));
        }

        Assert.True(scenario.Flows(), scenario.ToString());
    }

    [Theory]
    [MemberData(nameof(BlockedCells))]
    public void Session_NoWayButTurnOverTcpWhichThereIsNot_FailsOnBothSides(Access left, Access right)
    {
        using var scenario = new IceScenario(roundTrip: 40);
        scenario.Start(scenario.PlaceLeft(left), scenario.PlaceRight(right), WithTcp);
        Assert.True(scenario.Becomes(() => scenario is { Left.Agent.State: IceSessionState.Failed, Right.Agent.State: IceSessionState.Failed }, 40), scenario.ToString());
        Assert.Equal(IceFailureReason.NoValidPair, scenario.Left.Agent.FailureReason);
        Assert.Null(scenario.Left.UsableAt);
        Assert.Null(scenario.Right.UsableAt);
    }

    private static string Expected(Access left, Access right)
        => Selected[(int)left].Split(' ', StringSplitOptions.RemoveEmptyEntries)[(int)right];

    private static TheoryData<Access, Access> Pairs(Func<Access, Access, bool> where)
    {
        var cells = new TheoryData<Access, Access>();
        foreach (Access left in Enum.GetValues<Access>())
        {
            foreach (Access right in Enum.GetValues<Access>().Where(right => where(left, right)))
            {
                cells.Add(left, right);
            }
        }

        return cells;
    }

    private static char Letter(Candidate candidate) => candidate.Type switch
    {
        CandidateType.Host => 'L',
        CandidateType.ServerReflexive => 'S',
        CandidateType.PeerReflexive => 'P',
        _ => 'R',
    };
}
