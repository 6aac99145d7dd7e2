using System.Linq;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli ice --session</c> behind real NATs, with one <c>stackcli serve</c> between them for signaling, STUN and TURN.</summary>
public sealed class SessionNatTests
{
    private static readonly NatKind[] Kinds =
        [NatKind.Open, NatKind.FullCone, NatKind.AddressRestricted, NatKind.PortRestricted, NatKind.Symmetric];

    public static TheoryData<NatKind, NatKind> Cells()
    {
        TheoryData<NatKind, NatKind> cells = [];
        foreach (NatKind first in Kinds)
        {
            foreach (NatKind second in Kinds)
            {
                cells.Add(first, second);
            }
        }

        return cells;
    }

    [RequiresTheory(Requirement.NatLab)]
    [MemberData(nameof(Cells))]
    public async Task Session_TwoNats_ConnectsDirectlyWhereAPathExists(NatKind first, NatKind second)
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = first, Second = second, Coturn = false });
        await using SessionServer server = await SessionServer.StartAsync(lab);
        string word = SessionServer.NewWord();
        await using LabProcess one = SessionPrograms.Join(lab.First, server, word, "--count", "1", "--timeout", "60");
        await using LabProcess other = SessionPrograms.Join(lab.Second, server, word, "--count", "1", "--timeout", "60");

        ProcessResult[] runs = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        string all = string.Join('\n', [.. runs.Select(static run => run.ToString()), .. server.Process.ErrorLines]);
        Assert.True(runs.All(static run => run.ExitCode == 0 && run.Events("connected").Count != 0), all);
        Assert.True(runs.Any(SessionPrograms.IsRelayed) != lab.IsDirectPossible, all);
    }

    [RequiresFact(Requirement.NatLab)]
    public async Task Session_ThirdAndFourthJoin_EachIsConnectedToEach()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.PortRestricted, Second = NatKind.Symmetric, Coturn = false });
        await using SessionServer server = await SessionServer.StartAsync(lab);
        string word = SessionServer.NewWord();
        string[] end = ["--count", "3", "--timeout", "90"];
        await using LabProcess first = SessionPrograms.Join(lab.First, server, word, end);
        await first.EventAsync("joined");
        await using LabProcess second = SessionPrograms.Join(lab.Second, server, word, end);
        await Task.WhenAll(first.EventAsync("connected"), second.EventAsync("connected"));
        await using LabProcess third = SessionPrograms.Join(lab.First, server, word, end);
        await third.EventAsync("joined");
        await using LabProcess fourth = SessionPrograms.Join(lab.Second, server, word, end);

        ProcessResult[] runs = await Task.WhenAll(first.EndAsync(), second.EndAsync(), third.EndAsync(), fourth.EndAsync());

        string all = string.Join('\n', [.. runs.Select(static run => run.ToString()), .. server.Process.ErrorLines]);
        Assert.True(runs.All(static run => run.ExitCode == 0), all);
        for (int own = 1; own <= runs.Length; own++)
        {
            int[] others = [.. Enumerable.Range(1, runs.Length).Where(id => id != own)];
            Assert.Equal(others, runs[own - 1].Events("connected").Select(static one => one.Id()).Distinct().Order());
        }
    }
}
