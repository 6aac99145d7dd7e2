using System;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>
/// Software of one dialect meets software of another. Ours has no DTLS yet, so that with it ICE is the proof; between two others it is a channel that opens.
/// </summary>
public sealed class DialectBridgeTests(OpenSessionLab lab) : IClassFixture<OpenSessionLab>
{
    private const Requirement Needs = Requirement.NatLab | Requirement.NodePackages;

    [RequiresTheory(Needs)]
    [InlineData("libdatachannel")]
    [InlineData("villas")]
    [InlineData("peerjs")]
    public async Task Own_SecondInTheSession_ReachesIceConnected(string dialect)
    {
        string word = SessionServer.NewWord();
        await using LabProcess theirs = Start(dialect, word);
        await theirs.EventAsync(dialect == "villas" ? "control" : "connected");
        await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, "--name", "ours");

        await ConnectAsync(ours, theirs);

        JsonElement peer = await ours.EventAsync("peer");
        Assert.Equal(("theirs", dialect), (peer.Text("name"), peer.Text("dialect")));
        Assert.Equal("offer", theirs.Events("received")[0].Text("type"));
    }

    [RequiresTheory(Needs)]
    [InlineData("libdatachannel", "offer")]
    [InlineData("villas", "answer")]
    [InlineData("peerjs", "offer")]
    public async Task Own_FirstInTheSession_ReachesIceConnected(string dialect, string heard)
    {
        string word = SessionServer.NewWord();
        await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, "--name", "ours");
        await ours.EventAsync("joined");
        await using LabProcess theirs = Start(dialect, word);

        await ConnectAsync(ours, theirs);

        Assert.Equal(heard, theirs.Events("received")[0].Text("type"));
    }

    [RequiresTheory(Needs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OursInTheDialectOfLibDataChannel_EitherCalls_ReachesIceConnected(bool oursCalls)
    {
        string word = SessionServer.NewWord();
        string[] names = ["--dialect", "libdatachannel", "--name", "ours"];
        if (oursCalls)
        {
            await using LabProcess callee = SessionPrograms.LibDataChannel(lab.First, lab.Server, $"/libdatachannel/{word}", "theirs");
            await callee.EventAsync("connected");
            await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, [.. names, "--call", "theirs"]);
            await ConnectAsync(ours, callee);
        }
        else
        {
            await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, names);
            await ours.EventAsync("joined");
            await using LabProcess caller = SessionPrograms.LibDataChannel(lab.First, lab.Server, $"/libdatachannel/{word}", "theirs", "ours");
            await ConnectAsync(ours, caller);
        }
    }

    [RequiresTheory(Needs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OursInTheDialectOfVillas_InEitherPlace_ReachesIceConnected(bool oursIsFirst)
    {
        string word = SessionServer.NewWord();
        string[] names = ["--dialect", "villas", "--name", "ours"];
        if (oursIsFirst)
        {
            await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, names);
            await ours.EventAsync("joined");
            await using LabProcess theirs = Start("villas", word);
            await ConnectAsync(ours, theirs);
            Assert.Equal("second", (await theirs.EventAsync("role")).Text("role"));
        }
        else
        {
            await using LabProcess theirs = Start("villas", word);
            await theirs.EventAsync("control");
            await using LabProcess ours = SessionPrograms.Join(lab.Second, lab.Server, word, names);
            await ConnectAsync(ours, theirs);
            Assert.Equal("first", (await theirs.EventAsync("role")).Text("role"));
        }
    }

    [RequiresFact(Needs)]
    public Task Villas_WithLibDataChannel_TalkToEachOther()
        => FlawedDtls.TryAgainAsync(async () =>
        {
            string word = SessionServer.NewWord();
            await using LabProcess answering = SessionPrograms.LibDataChannel(lab.First, lab.Server, $"/libdatachannel/{word}", "xy12");
            await answering.EventAsync("connected");
            await using LabProcess calling = SessionPrograms.Villas(lab.Second, lab.Server, word, "node");

            await FlawedDtls.AllAsync(answering.EventAsync("message"), calling.EventAsync("message"));
            Assert.Equal("villas", (await answering.EventAsync("open")).Text("label"));
            Assert.Equal("Hello from VILLASnode", (await answering.EventAsync("message")).Text("text"));
            Assert.Equal("Hello from xy12", (await calling.EventAsync("message")).Text("text"));
        });

    [RequiresFact(Needs)]
    public Task LibDataChannel_CallsPeerJs_ReachesConnected()
        => FlawedDtls.TryAgainAsync(async () =>
        {
            string word = SessionServer.NewWord();
            await using LabProcess answering = SessionPrograms.PeerJs(lab.First, lab.Server, word, "bob");
            await answering.EventAsync("connected");
            await using LabProcess calling = SessionPrograms.LibDataChannel(lab.Second, lab.Server, $"/libdatachannel/{word}", "aLiC", "bob");

            await FlawedDtls.AllAsync(
                calling.EventAsync("state", static one => one.Text("state") == "connected"),
                answering.EventAsync("ice", SessionPrograms.IsConnected));
            Assert.Equal("aLiC", (await answering.EventAsync("received", static one => one.Text("type") == "offer")).Text("from"));
            Assert.Equal("bob", (await calling.EventAsync("received", static one => one.Text("type") == "answer")).Text("from"));
        });

    private LabProcess Start(string dialect, string word) => dialect switch
    {
        "libdatachannel" => SessionPrograms.LibDataChannel(lab.First, lab.Server, $"/libdatachannel/{word}", "theirs"),
        "villas" => SessionPrograms.Villas(lab.First, lab.Server, word, "theirs"),
        "peerjs" => SessionPrograms.PeerJs(lab.First, lab.Server, word, "theirs"),
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, message: null),
    };

    private static async Task ConnectAsync(LabProcess ours, LabProcess theirs)
    {
        JsonElement connected = await ours.EventAsync("connected");
        await theirs.EventAsync("ice", SessionPrograms.IsConnected);
        await theirs.EventAsync("received", static one => one.Text("type") == "candidate");
        Assert.False(connected.GetProperty("relayed").GetBoolean());
    }
}
