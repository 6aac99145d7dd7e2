using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>The server's page in a real browser meets <c>stackcli ice --session</c> on the same word.</summary>
public sealed class PageTests
{
    private const Requirement Needs = Requirement.NatLab | Requirement.NodePackages | Requirement.Chromium;

    // Each lab has a server of its own, and this is how a word looks.
    private const string Word = "lusab-babad-gutih-tugad";

    private static readonly string[] Named = ["--name", "laptop"];

    [RequiresFact(Needs)]
    public async Task Page_JoinsAfterOurs_ReachesIceConnected()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.PortRestricted, Second = NatKind.FullCone, Coturn = false });
        await using SessionServer server = await SessionServer.StartAsync(lab);
        string screenshot = Screenshot("page-second.png");
        await using LabProcess ours = SessionPrograms.Join(lab.Second, server, Word, Named);
        await ours.EventAsync("joined");
        await using LabProcess page = SessionPrograms.Page(lab.First, server, Word, screenshot);

        await CheckAsync(ours, page);

        Assert.True(new FileInfo(screenshot).Length > 0);
    }

    [RequiresFact(Needs)]
    public async Task Page_JoinsBeforeOurs_ReachesIceConnected()
    {
        await using IceLab lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Symmetric, Second = NatKind.PortRestricted, Coturn = false });
        await using SessionServer server = await SessionServer.StartAsync(lab);
        await using LabProcess page = SessionPrograms.Page(lab.First, server, Word, Screenshot("page-first.png"));
        await page.EventAsync("joined");
        await using LabProcess ours = SessionPrograms.Join(lab.Second, server, Word, Named);

        await CheckAsync(ours, page);
    }

    private static async Task CheckAsync(LabProcess ours, LabProcess page)
    {
        JsonElement connected = await ours.EventAsync("connected");

        // The page stays until ours has its answers too.
        page.Input.Close();
        ProcessResult run = await page.EndAsync();
        Assert.True(run.ExitCode == 0, $"{run}\n{string.Join('\n', ours.OutputLines)}");
        Assert.True(run.Events("end")[0].GetProperty("reached").GetBoolean());
        Assert.Equal(connected.Id(), (await ours.EventAsync("peer")).Id());

        // Who closes the page is gone from the session.
        await ours.EventAsync("gone", one => one.Id() == connected.Id());
    }

    private static string Screenshot(string name)
    {
        Directory.CreateDirectory(RepositoryFiles.Artifacts);
        string path = Path.Combine(RepositoryFiles.Artifacts, name);
        File.Delete(path);
        return path;
    }
}
