using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Software that exists meets its like through our server, in its own dialect, up to a message in each direction over WebRTC.</summary>
public sealed class DialectPairTests(OpenSessionLab lab) : IClassFixture<OpenSessionLab>
{
    private const Requirement Needs = Requirement.NatLab | Requirement.NodePackages;

    [RequiresTheory(Needs)]
    [InlineData("/libdatachannel")]
    [InlineData("/libdatachannel/some%20word")]
    public Task LibDataChannel_TwoClients_TalkToEachOther(string path)
        => FlawedDtls.TryAgainAsync(async () =>
        {
            await using LabProcess callee = SessionPrograms.LibDataChannel(lab.First, lab.Server, path, "bObX");
            await callee.EventAsync("connected");
            await using LabProcess caller = SessionPrograms.LibDataChannel(lab.Second, lab.Server, path, "aLiC", "bObX");

            await EndWellAsync(callee, caller);

            Assert.Equal("test", (await callee.EventAsync("open", static one => one.Text("peer") == "aLiC")).Text("label"));
            Assert.NotEmpty(caller.Events("received"));
            Assert.All(caller.Events("received"), static one => Assert.Equal("bObX", one.Text("from")));
        });

    [RequiresFact(Needs)]
    public Task Villas_TwoNodes_TalkToEachOther()
        => FlawedDtls.TryAgainAsync(async () =>
        {
            string word = SessionServer.NewWord();
            await using LabProcess first = SessionPrograms.Villas(lab.First, lab.Server, word, "siggen");
            await first.EventAsync("control");
            await using LabProcess second = SessionPrograms.Villas(lab.Second, lab.Server, word, "loop");

            await EndWellAsync(first, second);

            Assert.Equal("first", (await first.EventAsync("role")).Text("role"));
            Assert.Equal("second", (await second.EventAsync("role")).Text("role"));
            Assert.Equal(3, (await second.EventAsync("servers")).GetProperty("count").GetInt32());
            Assert.Equal("villas", (await first.EventAsync("open")).Text("label"));
        });

    [RequiresFact(Needs)]
    public Task Villas_ThirdNode_StandsByAndDisturbsNobody()
        => FlawedDtls.TryAgainAsync(async () =>
        {
            string word = SessionServer.NewWord();
            await using LabProcess first = SessionPrograms.Villas(lab.First, lab.Server, word, "a", "stay");
            await first.EventAsync("control");
            await using LabProcess second = SessionPrograms.Villas(lab.Second, lab.Server, word, "b", "stay");
            await FlawedDtls.AllAsync(first.EventAsync("message"), second.EventAsync("message"));
            await using LabProcess third = SessionPrograms.Villas(lab.Second, lab.Server, word, "c", "stay");

            Assert.Equal("standby", (await third.EventAsync("role")).Text("role"));
            await Task.WhenAll(first.EventAsync("control", IsThree), second.EventAsync("control", IsThree));
            Assert.Single(first.Events("role"));
            Assert.Single(second.Events("role"));
            Assert.Empty(third.Events("received"));
        });

    [RequiresTheory(Needs)]
    [InlineData("peerjs")]
    [InlineData("another key")]
    public Task PeerJs_TwoPeers_TalkToEachOther(string key)
        => FlawedDtls.TryAgainAsync(async () =>
        {
            await using LabProcess callee = SessionPrograms.PeerJs(lab.First, lab.Server, key, "bob");
            Assert.Equal("bob", (await callee.EventAsync("connected")).Text("id"));
            await using LabProcess caller = SessionPrograms.PeerJs(lab.Second, lab.Server, key, "alice", "bob");

            await EndWellAsync(callee, caller);

            Assert.Equal("alice", (await callee.EventAsync("open")).Text("peer"));
        });

    [RequiresTheory(Needs)]
    [InlineData("/websocket")]
    [InlineData("/websocket?session=cse312")]
    public Task Lecture_TwoPages_ConnectAndChat(string path)
        => FlawedDtls.TryAgainAsync(async () =>
        {
            await using LabProcess pages = SessionPrograms.Lecture(lab.First, lab.Server, path);

            await EndWellAsync(pages);

            Assert.Equal("hello", (await pages.EventAsync("message", static one => one.Text("name") == "b")).Text("text"));
            Assert.Equal("webRTC-offer", pages.Events("received").FirstOf("b", "webRTC-"));
            Assert.Equal("webRTC-answer", pages.Events("received").FirstOf("a", "webRTC-"));
            string? sender = (await pages.EventAsync("chat", static one => one.Text("name") == "b")).Text("username");
            Assert.False(string.IsNullOrEmpty(sender));
            Assert.Equal(sender, (await pages.EventAsync("chat", static one => one.Text("name") == "a")).Text("username"));
        });

    private static bool IsThree(JsonElement control) => control.GetProperty("ids").GetArrayLength() == 3;

    private static Task EndWellAsync(params LabProcess[] programs) => FlawedDtls.AllAsync(programs.Select(EndWellAsync));

    private static async Task EndWellAsync(LabProcess program)
    {
        ProcessResult run = await program.EndAsync();
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}
