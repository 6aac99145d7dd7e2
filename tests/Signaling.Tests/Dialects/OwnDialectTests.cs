using System;
using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>docs/signaling.md, as it is written there.</summary>
public sealed class OwnDialectTests
{
    private const string Word = "lusab-babad-gutih-tugad";

    [Fact]
    public void Join_First_IsAnsweredWithNumberTokenServersAndNobody()
    {
        var desk = new Desk(relays: new Relays { Lifetime = TimeSpan.FromHours(1) });
        Client alice = desk.Open("/session");
        alice.Say("""{"join":{"session":"lusab-babad-gutih-tugad","name":"alice"}}""");
        OwnJoined joined = Assert.IsType<OwnJoined>(Assert.Single(alice.TakeOwn()));
        Assert.Equal(1, joined.Id);
        Assert.Matches("^[0-9a-f]{32}$", joined.Resume);
        Assert.Equal(TimeSpan.FromSeconds(15), joined.Grace);
        Assert.False(joined.Resumed);
        Assert.Equal(Relays.Turn.Urls, joined.Servers[1].Urls);
        Assert.Equal(Relays.Turn.Credential, joined.Servers[1].Credential);
        Assert.Equal(TimeSpan.FromHours(1), joined.CredentialsExpire);
        Assert.Empty(joined.Peers);
    }

    [Fact]
    public void Join_Second_BothAreToldOfEachOtherAndTheLaterOffers()
    {
        var desk = new Desk();
        Client bob = desk.Join(Word, "bob");
        bob.Take();
        Client alice = desk.Join(Word, "alice");
        OwnJoined joined = Assert.IsType<OwnJoined>(Assert.Single(alice.TakeOwn()));
        Assert.Equal(2, joined.Id);
        Assert.Equal(new OwnPeer(1, "bob", SignalingDialect.Own, PairRole.Offer), Assert.Single(joined.Peers));
        Assert.Equal("""{"peer":{"id":2,"name":"alice","dialect":"own","role":"answer"}}""", bob.TakeOne());
    }

    [Fact]
    public void Joined_Text_IsTheDocumentedOne()
    {
        var joined = new OwnJoined(
            2,
            "9f1c",
            TimeSpan.FromSeconds(15),
            Resumed: false,
            [new RelayServer(["stun:192.0.2.1:3478"]), new RelayServer(["turn:192.0.2.1:3478?transport=udp"], "1795230223:2", "wJ5=")],
            TimeSpan.FromHours(1),
            [new OwnPeer(1, "bob", SignalingDialect.Own, PairRole.Offer)]);
        Assert.Equal(
            """{"joined":{"id":2,"resume":"9f1c","graceMs":15000,"servers":[{"urls":["stun:192.0.2.1:3478"]},{"urls":["turn:192.0.2.1:3478?transport=udp"],"username":"1795230223:2","credential":"wJ5="}],"credentialsExpireMs":3600000,"peers":[{"id":1,"name":"bob","dialect":"own","role":"offer"}]}}""",
            System.Text.Encoding.UTF8.GetString(joined.ToUtf8()));
    }

    [Fact]
    public void Signals_Addressed_ReachTheOneWithFromSetByTheServer()
    {
        (Client bob, Client alice, Client carol, _) = Three();
        alice.Say("""{"to":1,"from":3,"description":{"type":"offer","sdp":"v=0\r\n"}}""");
        alice.Say("""{"to":1,"candidate":{"candidate":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}""");
        alice.Say("""{"to":1,"candidate":{"candidate":"","sdpMid":"0"}}""");
        alice.Say("""{"to":1,"candidate":null}""");
        Assert.Equal(
            [
                """{"from":2,"description":{"type":"offer","sdp":"v=0\r\n"}}""",
                """{"from":2,"candidate":{"candidate":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}""",
                """{"from":2,"candidate":{"candidate":"","sdpMid":"0"}}""",
                """{"from":2,"candidate":{"candidate":""}}""",
            ],
            bob.Take());
        Assert.Empty(carol.Take());
        Assert.Empty(alice.Take());
    }

    // W14, W26.
    [Theory]
    [InlineData(7, "no-such-peer")]
    [InlineData(2, "no-such-peer")]
    [InlineData(1, "unexpected")]
    public void Answer_WithoutOfferOrReceiver_IsRefused(int to, string code)
    {
        (Client bob, Client alice, _, _) = Three();
        alice.Say("{\"to\":" + to.ToString(System.Globalization.CultureInfo.InvariantCulture) + ",\"description\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}");
        Assert.Equal(Error(code, to), alice.TakeOne());
        Assert.Empty(bob.Take());
        Assert.Null(alice.CloseCode);
    }

    [Fact]
    public void Answer_ToAPeerThatIsGone_IsAnsweredLikeToOneThatNeverWas()
    {
        (Client bob, Client alice, _, _) = Three();
        bob.Close(1000);
        Assert.Equal("""{"gone":{"id":1}}""", alice.TakeOne());
        alice.Say("""{"to":1,"description":{"type":"offer","sdp":"v=0"}}""");
        alice.Say("""{"to":99,"description":{"type":"offer","sdp":"v=0"}}""");
        Assert.Equal(["""{"error":{"code":"no-such-peer","to":1}}""", """{"error":{"code":"no-such-peer","to":99}}"""], alice.Take());
    }

    // W26: both may offer, and each answer needs an offer of the other that is still open.
    [Fact]
    public void Offers_OfBothAtOnce_ArePassedAndEachMayBeAnsweredOnce()
    {
        (Client bob, Client alice, _, _) = Three();
        alice.Say("""{"to":1,"description":{"type":"offer","sdp":"a"}}""");
        bob.Say("""{"to":2,"description":{"type":"offer","sdp":"b"}}""");
        bob.Say("""{"to":2,"description":{"type":"pranswer","sdp":"c"}}""");
        bob.Say("""{"to":2,"description":{"type":"answer","sdp":"d"}}""");
        bob.Say("""{"to":2,"description":{"type":"answer","sdp":"e"}}""");
        Assert.Equal("""{"error":{"code":"unexpected","to":2}}""", bob.Take()[^1]);
        Assert.Equal(["b", "c", "d"], alice.TakeOwn().OfType<OwnSignal>().Select(static said => ((DescriptionSignal)said.Signal).Description.Sdp));
        bob.Say("""{"to":2,"description":{"type":"rollback"}}""");
        alice.Say("""{"to":1,"description":{"type":"answer","sdp":"f"}}""");
        Assert.Equal("""{"error":{"code":"unexpected","to":1}}""", alice.Take()[^1]);
    }

    // W26: candidates need no offer.
    [Fact]
    public void Candidate_BeforeAnyDescription_IsPassed()
    {
        (Client bob, Client alice, _, _) = Three();
        alice.Say("""{"to":1,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""");
        Assert.Equal("""{"from":2,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""", bob.TakeOne());
    }

    [Fact]
    public void Servers_AskedForOrAboutToExpire_AreSent()
    {
        var desk = new Desk(relays: new Relays { Lifetime = TimeSpan.FromHours(1) });
        Client alice = desk.Join(Word);
        alice.Take();
        alice.Say("""{"servers":{}}""");
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<OwnServers>(Assert.Single(alice.TakeOwn())).CredentialsExpire);
        desk.Advance(TimeSpan.FromMinutes(47.9));
        Assert.Empty(alice.Take());
        desk.Advance(TimeSpan.FromMinutes(0.2));
        Assert.IsType<OwnServers>(Assert.Single(alice.TakeOwn()));
        desk.Advance(TimeSpan.FromMinutes(48));
        Assert.IsType<OwnServers>(Assert.Single(alice.TakeOwn()));
        alice.Close(1000);
        desk.Advance(TimeSpan.FromMinutes(50));
        Assert.Empty(alice.Take());
    }

    [Fact]
    public void Leave_Said_ClosesAndTheOthersAreToldAtOnce()
    {
        (Client bob, Client alice, Client carol, _) = Three();
        alice.Say("""{"leave":{}}""");
        Assert.Equal(1000, alice.CloseCode);
        Assert.Equal("""{"gone":{"id":2}}""", bob.TakeOne());
        Assert.Equal("""{"gone":{"id":2}}""", carol.TakeOne());
    }

    [Theory]
    [InlineData("""{"to":1,"description":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData("""{"leave":{}}""")]
    [InlineData("""{"join":{}}""")]
    [InlineData("""{"join":{"session":""}}""")]
    [InlineData("""{"join":{"session":7}}""")]
    [InlineData("""{"join":{"session":"a\u0007"}}""")]
    [InlineData("""{"join":{"session":"a","name":true}}""")]
    public void FirstMessage_IsNoJoin_Closes4400(string text)
    {
        var desk = new Desk();
        Client alice = desk.Open("/session");
        alice.Say(text);
        Assert.Equal(4400, alice.CloseCode);
        Assert.Equal(0, desk.Core.Counts.Peers);
    }

    [Theory]
    [InlineData("""{"join":{"session":"w"}}""")]
    [InlineData("""{"description":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData("""{"to":0,"description":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData("""{"to":"1","description":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData("""{"to":1.5,"candidate":null}""")]
    [InlineData("""{"to":1,"description":{"type":"offer"}}""")]
    [InlineData("""{"to":1,"description":{"type":"Offer","sdp":"v=0"}}""")]
    [InlineData("""{"to":1,"description":null}""")]
    [InlineData("""{"to":1,"candidate":"candidate:1"}""")]
    [InlineData("""{"to":1,"candidate":{"candidate":1}}""")]
    [InlineData("""{"to":1,"candidate":{"candidate":"","sdpMLineIndex":-1}}""")]
    [InlineData("""{"to":1,"candidate":null,"description":{"type":"offer","sdp":"v=0"}}""")]
    public void Message_OfWrongTypes_Closes4400AndThePeerIsGone(string text)
    {
        (Client bob, Client alice, _, _) = Three();
        alice.Say(text);
        Assert.Equal(4400, alice.CloseCode);
        Assert.Equal("""{"gone":{"id":2}}""", bob.TakeOne());
    }

    [Fact]
    public void Message_WithUnknownMembers_IsReadAndUnknownOnesAreIgnored()
    {
        (Client bob, Client alice, _, _) = Three();
        alice.Say("""{"future":[1,2],"to":1,"candidate":{"candidate":"candidate:1","new":{}}}""");
        alice.Say("""{"future":{}}""");
        Assert.Equal("""{"from":2,"candidate":{"candidate":"candidate:1"}}""", bob.TakeOne());
        Assert.Null(alice.CloseCode);
    }

    private static string Error(string code, int to)
        => "{\"error\":{\"code\":\"" + code + "\",\"to\":" + to.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}}";

    private static (Client Bob, Client Alice, Client Carol, Desk Desk) Three()
    {
        var desk = new Desk();
        Client bob = desk.Join(Word, "bob");
        Client alice = desk.Join(Word, "alice");
        Client carol = desk.Join(Word, "carol");
        foreach (Client client in new[] { bob, alice, carol })
        {
            client.Take();
        }

        return (bob, alice, carol, desk);
    }
}
