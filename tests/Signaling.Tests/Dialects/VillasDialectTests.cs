using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>VILLASnode's, to the byte.</summary>
public sealed class VillasDialectTests
{
    private const string Offer = """{"description":{"spd":"v=0\r\no=rtc 1 0 IN IP4 127.0.0.1\r\n","type":"offer"}}""";
    private const string Answer = """{"description":{"spd":"v=0\r\n","type":"answer"}}""";
    private const string Candidate = """{"candidate":{"spd":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","mid":"0"}}""";

    [Fact]
    public void Signals_First_AreAnsweredWithServersOfFiveKeysAndTheList()
    {
        var desk = new Desk(relays: new Relays { Lifetime = TimeSpan.FromHours(1) });
        desk.Advance(0.1);
        Client siggen = desk.Open("/villas/villas-test/siggen", Desk.Alice, "libwebsockets");
        Assert.Empty(siggen.Take());
        desk.Advance(0.1);
        siggen.Say("""{"signals":[]}""");
        Assert.Equal(
            [
                """{"servers":[{"url":"stun:stun.example.org:3478","user":"","pass":"","realm":"","expires":"0001-01-01T00:00:00Z"},{"url":"turn:turn.example.org:3478?transport=udp","user":"1795230223:villas","pass":"wJ5…=","realm":"","expires":"2026-11-21T03:03:43Z"}]}""",
                """{"control":{"peer_id":1,"peers":[{"name":"siggen","id":1,"remote":"192.0.2.10:51234","user_agent":"libwebsockets","created":"2026-11-21T01:00:00.1Z","connected":"2026-11-21T01:00:00.1Z"}]}}""",
            ],
            siggen.Take());
    }

    [Fact]
    public void Servers_None_IsAnEmptyObject()
    {
        Client siggen = new Desk().Open("/villas/villas-test/siggen");
        siggen.Say("""{"signals":[]}""");
        Assert.Equal("{}", siggen.Take()[0]);
    }

    // As VILLASnode writes it: indented by two, and with its signals.
    [Fact]
    public void Signals_OfAPeer_AreInTheList()
    {
        Client siggen = new Desk().Open("/villas/villas-test/siggen", Desk.Alice, "libwebsockets");
        siggen.Say("{\n  \"signals\": [\n    {\n      \"name\": \"u\",\n      \"type\": \"float\",\n      \"unit\": \"V\",\n      \"init\": 0.0\n    }\n  ]\n}");
        Assert.EndsWith(
            ""","connected":"2026-11-21T01:00:00Z","signals":[{"name":"u","type":"float","unit":"V","init":0.0}]}]}}""", siggen.Take()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_OfTwo_PassToTheByte()
    {
        (Client first, Client second, _) = Two();
        second.Say(Offer);
        second.Say(Candidate);
        first.Say(Answer);
        Assert.Equal([Offer, Candidate], first.Take());
        Assert.Equal([Answer], second.Take());
    }

    [Fact]
    public void Messages_OfThree_GoToBothOthers()
    {
        (Client first, Client second, Desk desk) = Two();
        Client third = Villas(desk, "third");
        first.Take();
        second.Take();
        third.Take();
        second.Say(Offer);
        Assert.Equal([Offer], first.Take());
        Assert.Equal([Offer], third.Take());
    }

    // The old page's words, and what browsers say of candidates.
    [Theory]
    [InlineData("""{"description":{"type":"offer","sdp":"v=0\r\n"}}""", """{"description":{"spd":"v=0\r\n","type":"offer"}}""")]
    [InlineData("""{"candidate":{"candidate":"candidate:1 1 UDP 1 192.0.2.2 4 typ host","sdpMid":"0","sdpMLineIndex":0}}""", """{"candidate":{"spd":"candidate:1 1 UDP 1 192.0.2.2 4 typ host","mid":"0"}}""")]
    [InlineData("""{"candidate":{"spd":"a=candidate:1 1 UDP 1 192.0.2.2 4 typ host","mid":"data"}}""", """{"candidate":{"spd":"candidate:1 1 UDP 1 192.0.2.2 4 typ host","mid":"data"}}""")]
    [InlineData("""{"description":{"spd":"a=<&>\u2028\u001b","type":"pranswer"}}""", """{"description":{"spd":"a=\u003c\u0026\u003e\u2028\u001b","type":"pranswer"}}""")]
    public void Messages_InOtherWords_AreWrittenInPresentOnes(string said, string heard)
    {
        (Client first, Client second, _) = Two();
        second.Say(said);
        Assert.Equal(heard, first.TakeOne());
    }

    [Theory]
    [InlineData("""{"candidate":null}""")]
    [InlineData("""{"candidate":{"candidate":"","sdpMid":"0"}}""")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("{}")]
    public void Messages_WithoutWords_AreNotPassedOn(string said)
    {
        (Client first, Client second, _) = Two();
        second.Say(said);
        Assert.Empty(first.Take());
        Assert.Null(second.CloseCode);
    }

    [Theory]
    [InlineData("""{"description":{"spd":"v=0"}}""")]
    [InlineData("""{"description":{"spd":"v=0","type":"hello"}}""")]
    [InlineData("""{"description":{"spd":1,"type":"offer"}}""")]
    [InlineData("""{"candidate":{}}""")]
    [InlineData("""{"candidate":{"spd":"candidate:1","mid":0}}""")]
    [InlineData("""{"signals":{}}""")]
    [InlineData("""{"signals":[],"candidate":null}""")]
    [InlineData("[]")]
    public void Messages_OfWrongTypes_Close4400(string said)
    {
        (_, Client second, _) = Two();
        second.Say(said);
        Assert.Equal(4400, second.CloseCode);
    }

    // The list of the one who stays still has who goes, and so its live connection is not torn down.
    [Fact]
    public void Leaving_OneOfTwo_IsStillListed()
    {
        (Client first, Client second, Desk desk) = Two();
        second.Close();
        VillasControl control = Control(first.TakeOne());
        Assert.Equal([1, 2], control.Peers.Select(static peer => peer.Id));
        Assert.Equal(PairRole.Answer, control.RoleOf(out int partner));
        Assert.Equal(2, partner);
        desk.Advance(3600);
        Assert.Empty(first.Take());

        Client again = Villas(desk, "second");
        control = Control(first.TakeOne());
        Assert.Equal([1, 3], control.Peers.Select(static peer => peer.Id));
        Assert.Equal(PairRole.Answer, control.RoleOf(out partner));
        Assert.Equal(3, partner);
        control = Control(again.Take()[1]);
        Assert.Equal(3, control.PeerId);
        Assert.Equal(PairRole.Offer, control.RoleOf(out partner));
        Assert.Equal(1, partner);
    }

    [Fact]
    public void Numbers_OfManyReconnects_AreNeverReused()
    {
        var desk = new Desk();
        for (int id = 1; id <= 100; id++)
        {
            Client client = Villas(desk, "node");
            VillasControl control = Control(client.Take()[1]);
            Assert.Equal(id, control.PeerId);
            Assert.Equal(id, Assert.Single(control.Peers).Id);
            client.Close();
            desk.Advance(30);
        }
    }

    [Fact]
    public void Name_Connected_IsRefusedUntilItIsGone()
    {
        var desk = new Desk();
        Client silent = desk.Open("/villas/s/node");
        Assert.Equal(SignalingRefusal.NameTaken, desk.TryOpen("/villas/s/node", out _));
        Assert.Null(desk.TryOpen("/villas/other/node", out _));
        desk.Advance(5);
        Assert.Equal(4408, silent.CloseCode);
        Client node = Villas(desk, "node", "s");
        Assert.Equal(SignalingRefusal.NameTaken, desk.TryOpen("/villas/s/node", out _));
        node.Close();
        Assert.Null(desk.TryOpen("/villas/s/node", out _));
    }

    [Fact]
    public void Name_None_IsARandomUuid()
    {
        var desk = new Desk();
        Client one = desk.Open("/villas/s");
        Client two = desk.Open("/villas/s");
        one.Say("""{"signals":[]}""");
        two.Say("""{"signals":[]}""");
        string[] names = [.. Control(two.Take()[1]).Peers.Select(static peer => peer.Name)];
        Assert.All(names, static name => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", name));
        Assert.NotEqual(names[0], names[1]);
    }

    // Must show 3: who says nothing is nobody yet.
    [Fact]
    public void Silent_Third_IsNotSeenAndDisturbsNobody()
    {
        var desk = new Desk();
        Client silent = desk.Open("/villas/s/silent");
        Client first = Villas(desk, "first", "s");
        Client second = Villas(desk, "second", "s");
        Assert.Equal([1, 2], Control(second.Take()[1]).Peers.Select(static peer => peer.Id));
        first.Take();
        second.Say(Offer);
        Assert.Equal(Offer, first.TakeOne());
        Assert.Empty(silent.Take());
    }

    [Fact]
    public void Description_AsFirstMessage_JoinsAndIsPassedOn()
    {
        var desk = new Desk();
        Client first = Villas(desk, "first", "s");
        first.Take();
        Client second = desk.Open("/villas/s/second");
        second.Say(Offer);
        Assert.Equal(Offer, first.Take()[1]);
    }

    [Theory]
    [InlineData(1, new[] { 1, 2 }, PairRole.Answer, 2)]
    [InlineData(2, new[] { 1, 2 }, PairRole.Offer, 1)]
    [InlineData(3, new[] { 1, 2, 3 }, PairRole.None, 0)]
    [InlineData(7, new[] { 9, 7, 8 }, PairRole.Answer, 8)]
    [InlineData(8, new[] { 9, 7, 8 }, PairRole.Offer, 7)]
    [InlineData(9, new[] { 9, 7, 8 }, PairRole.None, 0)]
    [InlineData(1, new[] { 1 }, PairRole.None, 0)]
    [InlineData(2, new[] { 0, 2, 5 }, PairRole.Answer, 5)]
    public void Control_Role_FollowsFromTheTwoSmallestNumbers(int self, int[] ids, PairRole role, int partner)
    {
        var control = new VillasControl(self, [.. ids.Select(static id => new VillasPeer(id, "n"))]);
        Assert.Equal(role, control.RoleOf(out int other));
        Assert.Equal(partner, other);
    }

    [Fact]
    public void Control_OfTheOldDialect_IsRead()
    {
        VillasControl control = Control("""{"control":{"connection_id":2,"connections":[{"id":1},{"id":2}]}}""");
        Assert.Equal(2, control.PeerId);
        Assert.Equal([1, 2], control.Peers.Select(static peer => peer.Id));
    }

    private static (Client First, Client Second, Desk Desk) Two()
    {
        var desk = new Desk();
        Client first = Villas(desk, "first");
        Client second = Villas(desk, "second");
        first.Take();
        second.Take();
        return (first, second, desk);
    }

    private static Client Villas(Desk desk, string name, string session = "villas-test")
    {
        Client client = desk.Open($"/villas/{session}/{name}");
        client.Say("""{"signals":[]}""");
        return client;
    }

    private static VillasControl Control(string text)
    {
        Assert.Equal(MessageStatus.Ok, VillasMessage.Parse(Encoding.UTF8.GetBytes(text), out VillasMessage? message));
        return Assert.IsType<VillasControl>(message);
    }
}
