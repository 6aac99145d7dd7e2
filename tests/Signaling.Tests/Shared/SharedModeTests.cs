using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Several processes with the same sessions: as if there were one, whatever happens to them or to the store.</summary>
public sealed class SharedModeTests
{
    private const string Offer = """{"to":TO,"description":{"type":"offer","sdp":"v=0\r\n\u001b"}}""";

    [Fact]
    public void Peers_OfTwoProcesses_MeetAndTalk()
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        Assert.Equal("""{"peer":{"id":2,"name":"alice","dialect":"own","role":"answer"}}""", bob.TakeOne());
        Assert.Equal(new OwnPeer(1, "bob", SignalingDialect.Own, PairRole.Offer), Assert.Single(Assert.IsType<OwnJoined>(alice.TakeOwn()[0]).Peers));
        alice.Say(Offer.Replace("TO", "1", StringComparison.Ordinal));
        cluster.Carry();
        bob.Say("""{"to":2,"description":{"type":"answer","sdp":"v=1"}}""");
        bob.Say("""{"to":2,"candidate":null}""");
        cluster.Carry();
        Assert.Equal("""{"from":2,"description":{"type":"offer","sdp":"v=0\r\n\u001B"}}""", bob.TakeOne());
        Assert.Equal(["""{"from":1,"description":{"type":"answer","sdp":"v=1"}}""", """{"from":1,"candidate":{"candidate":""}}"""], alice.Take());
        alice.Say("""{"to":1,"description":{"type":"answer","sdp":"v=1"}}""");
        Assert.Equal("""{"error":{"code":"unexpected","to":1}}""", alice.TakeOne());
        alice.Say("""{"leave":{}}""");
        cluster.Carry();
        Assert.Equal("""{"gone":{"id":2}}""", bob.TakeOne());
    }

    [Theory]
    [InlineData(SignalingDialect.Villas)]
    [InlineData(SignalingDialect.LibDataChannel)]
    [InlineData(SignalingDialect.Lecture)]
    [InlineData(SignalingDialect.PeerJs)]
    public void Peers_OfOtherDialects_KeepTheirWordsAcrossProcesses(SignalingDialect dialect)
    {
        (string firstPath, string secondPath, string said, string heard) = dialect switch
        {
            SignalingDialect.Villas => ("/villas/w/a", "/villas/w/b", """{"candidate":{"spd":"candidate:1","mid":"x"}}""", """{"candidate":{"spd":"candidate:1","mid":"x"}}"""),
            SignalingDialect.LibDataChannel => ("/libdatachannel/w/a", "/libdatachannel/w/b", """{"id":"a","type":"bye","n":1.0}""", """{"id":"b","type":"bye","n":1.0}"""),
            SignalingDialect.Lecture => ("/websocket?session=w", "/websocket?session=w", """{"messageType":"chatMessage","comment":"hi"}""", """{"messageType":"chatMessage","comment":"hi","username":"2","from":2}"""),
            _ => ("/peerjs?key=w&id=a&token=t", "/peerjs?key=w&id=b&token=t", """{"type":"OFFER","dst":"a","payload":{"x":[1.0]}}""", """{"type":"OFFER","dst":"a","payload":{"x":[1.0]},"src":"b"}"""),
        };
        var cluster = new Cluster(2);
        Client first = cluster[0].Open(firstPath);
        Client second = cluster[1].Open(secondPath);
        foreach (Client client in new[] { first, second }.Where(_ => dialect == SignalingDialect.Villas))
        {
            client.Say("""{"signals":[]}""");
            cluster.Carry();
        }

        cluster.Carry();
        first.Take();
        second.Say(said);
        cluster.Carry();
        Assert.Equal(heard, first.TakeOne());
    }

    [Fact]
    public void Process_SilentFor15Seconds_ItsPeersAreGone()
    {
        (Cluster cluster, Client bob, _) = Two();
        bob.Take();
        cluster.Kill(1);
        cluster.Advance(14);
        Assert.Empty(bob.Take());
        cluster.Advance(7);
        Assert.Equal("""{"gone":{"id":2,"lost":true}}""", bob.TakeOne());
        Assert.Contains(SignalingEventKind.ProcessLost, cluster[0].Kinds);
        cluster.Advance(60);
        Assert.Empty(bob.Take());
    }

    [Fact]
    public void Process_ThatEnds_SaysSo()
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        bob.Take();
        cluster[1].Core.Shutdown(cluster[1].Now);
        cluster.Carry();
        Assert.Equal(1013, alice.CloseCode);
        Assert.Equal("""{"gone":{"id":2,"lost":true}}""", bob.TakeOne());
    }

    [Fact]
    public void Processes_Living_StayKnownForHours()
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        bob.Take();
        alice.Take();
        cluster.Advance(7200);
        Assert.Empty(bob.Take());
        Assert.Empty(alice.Take());
        Assert.Equal([[1, 2], [1, 2]], cluster.Ids());
    }

    // Must show 4: the store restarted, empty. Whoever left meanwhile is gone everywhere, whoever stayed is there, and no number is given twice.
    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void Store_LostAndBack_LeavesNoGhostsAndNoNumberTwice(double seconds)
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        Client carol = cluster[1].Join("w", "carol");
        cluster.Carry();
        bob.Take();
        cluster.IsDown = true;
        carol.Close(1000);
        Client refused = cluster[0].Join("w", "dave");
        cluster.Carry();
        Assert.Equal(1013, refused.CloseCode);
        cluster.Advance(seconds);
        cluster.ForgetNumbers();
        cluster.Restore();
        Assert.Equal([[1, 2], [1, 2]], cluster.Ids());
        Assert.Contains(bob.Take(), static text => text is """{"gone":{"id":3}}""" or """{"gone":{"id":3,"lost":true}}""");
        Client dave = cluster[0].Join("w", "dave");
        cluster.Carry();
        Assert.Equal([[1, 2, 4], [1, 2, 4]], cluster.Ids());
        dave.Take();
        alice.Say("""{"to":4,"candidate":{"candidate":"candidate:1"}}""");
        cluster.Carry();
        Assert.Equal("""{"from":2,"candidate":{"candidate":"candidate:1"}}""", dave.TakeOne());
        Assert.Null(bob.CloseCode);
        Assert.Null(alice.CloseCode);
    }

    [Fact]
    public void Session_LeftByAllWhileTheStoreWasLost_IsEmptyEverywhere()
    {
        var cluster = new Cluster(2);
        Client alone = cluster[1].Join("alone");
        cluster.Carry();
        Assert.Equal([[1], [1]], cluster.Ids("alone"));
        cluster.IsDown = true;
        alone.Close(1000);
        cluster.Carry();
        Assert.Equal([[1], []], cluster.Ids("alone"));
        cluster.Restore();
        Assert.Equal([[], []], cluster.Ids("alone"));
    }

    // The end of a snapshot whose beginning went by before anybody listened says nothing about who is not in it.
    [Fact]
    public void Snapshot_HeardInPart_IsAskedForAgain()
    {
        var desk = new Desk(shared: true);
        var peer = new SharedPeer(new SessionPeer { Id = 1, Handle = "1", Name = "n", Dialect = SignalingDialect.Own });
        Hear(new SharedSession("p", "a", [peer]), new SharedSession("p", "b", [peer]), new SharedSnapshot("p", 2, 2));
        desk.Shared.Clear();
        desk.Advance(2);
        Hear(new SharedSession("p", "b", [peer]), new SharedSnapshot("p", 2, 2));
        Assert.Equal(["a", "b"], desk.Core.Sessions.Select(static session => session.Name));
        Assert.Equal(new SharedWanted(desk.Core.Process, "p"), Assert.Single(desk.Shared));
        Hear(new SharedSession("p", "b", [peer]), new SharedSnapshot("p", 2, 1));
        Assert.Equal(["b"], desk.Core.Sessions.Select(static session => session.Name));

        void Hear(params SharedMessage[] messages)
        {
            foreach (SharedMessage message in messages)
            {
                desk.Core.HandleShared(message, desk.Now);
                desk.Drain();
            }
        }
    }

    [Fact]
    public void Process_ThatComesLater_LearnsWhoIsThere()
    {
        (Cluster cluster, _, _) = Two();
        Desk third = cluster.Add();
        cluster.Advance(2);
        Assert.Equal([[1, 2], [1, 2], [1, 2]], cluster.Ids());
        Assert.Equal(2, third.Core.Counts.RemotePeers);
    }

    // What was missed is noticed by the next sign of life.
    [Fact]
    public void Message_Lost_IsMadeUpFor()
    {
        (Cluster cluster, Client bob, _) = Two();
        bob.Take();
        Client carol = cluster[1].Join("w", "carol");
        cluster.IsDown = true;
        SignalingEvent wanted = cluster[1].Events.Last(static e => e.Kind == SignalingEventKind.IdWanted);
        cluster[1].Events.Clear();
        cluster[1].Core.HandleId(wanted.Connection, 3, cluster[1].Now);
        cluster.Carry();
        Assert.Empty(bob.Take());
        cluster.IsDown = false;
        cluster.Advance(7);
        Assert.Equal("""{"peer":{"id":3,"name":"carol","dialect":"own","role":"answer"}}""", bob.TakeOne());
        Assert.Null(carol.CloseCode);
    }

    [Fact]
    public void Resume_AtAnotherProcess_LetsTheFormerSelfGoAtOnce()
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        string token = Assert.IsType<OwnJoined>(alice.TakeOwn()[0]).Resume;
        bob.Take();
        alice.Close();
        Client again = cluster[0].Join("w", "alice", token);
        cluster.Carry();
        Assert.Equal(["""{"gone":{"id":2,"lost":true}}""", """{"peer":{"id":3,"name":"alice","dialect":"own","role":"answer"}}"""], bob.Take().Order(StringComparer.Ordinal));
        Assert.False(Assert.IsType<OwnJoined>(again.TakeOwn()[0]).Resumed);
        Assert.Equal([[1, 3], [1, 3]], cluster.Ids());
    }

    [Fact]
    public void Id_OfLibDataChannelAtAnotherProcess_TheLastOneWins()
    {
        var cluster = new Cluster(2);
        Client former = cluster[0].Open("/libdatachannel/a");
        cluster.Carry();
        Client latter = cluster[1].Open("/libdatachannel/a");
        cluster.Carry();
        Assert.Equal(4001, former.CloseCode);
        Assert.Null(latter.CloseCode);
        Assert.Equal([[2], [2]], cluster.Ids("libdatachannel"));
    }

    [Fact]
    public void Name_OfVillasOrPeerJsAtAnotherProcess_IsTaken()
    {
        var cluster = new Cluster(2);
        cluster[0].Open("/villas/w/a").Say("""{"signals":[]}""");
        cluster[0].Open("/peerjs?id=a&token=t");
        cluster.Carry();
        Assert.Equal(SignalingRefusal.NameTaken, cluster[1].TryOpen("/villas/w/a", out _));
        Assert.Contains("ID-TAKEN", cluster[1].Open("/peerjs?id=a&token=u").TakeOne(), StringComparison.Ordinal);
        Client again = cluster[1].Open("/peerjs?id=a&token=t");
        cluster.Carry();
        Assert.Equal("""{"type":"OPEN"}""", again.TakeOne());
        Assert.Equal([[2], [2]], cluster.Ids("peerjs"));
    }

    [Fact]
    public void Session_Full_CountsThePeersOfAll()
    {
        var cluster = new Cluster(2);
        for (int i = 0; i < 8; i++)
        {
            cluster[i % 2].Join("w");
            cluster.Carry();
        }

        Assert.Equal(4403, cluster[1].Join("w").CloseCode);

        // Two that come at the same time: the later number goes.
        var race = new Cluster(2, new SignalingLimits { MaxPeers = 1 });
        Client one = race[0].Join("w");
        Client two = race[1].Join("w");
        race.Carry();
        Assert.Equal([null, 4403], new[] { one.CloseCode, two.CloseCode }.Order());
        Assert.Equal(race.Ids()[0], race.Ids()[1]);
        Assert.Single(race.Ids()[0]);
    }

    [Fact]
    public void Number_GivenTwice_StaysWithOneOfTheTwoEverywhere()
    {
        (Cluster cluster, Client bob, Client alice) = Two();
        cluster.IsDown = true;
        Client one = cluster[0].Join("w");
        Client two = cluster[1].Join("w");
        foreach (int i in new[] { 0, 1 })
        {
            SignalingEvent wanted = cluster[i].Events.Last(static e => e.Kind == SignalingEventKind.IdWanted);
            cluster[i].Events.Clear();
            cluster[i].Core.HandleId(wanted.Connection, 3, cluster[i].Now);
        }

        cluster.Carry();
        cluster.Restore();
        cluster.Advance(10);
        Assert.Equal([null, 1013], new[] { one.CloseCode, two.CloseCode }.Order());
        Assert.Equal([[1, 2, 3], [1, 2, 3]], cluster.Ids());
        Assert.Null(bob.CloseCode);
        Assert.Null(alice.CloseCode);
    }

    // Messages that come while the number is fetched are kept, in order, and bounded.
    [Fact]
    public void Messages_BeforeTheNumber_AreKept()
    {
        var cluster = new Cluster(1);
        Client bob = cluster[0].Open("/libdatachannel/b");
        cluster.Carry();
        Client alice = cluster[0].Open("/libdatachannel/a");
        alice.Say("""{"id":"b","type":"offer","description":"1"}""");
        alice.Say("""{"id":"b","type":"candidate","candidate":"candidate:2","mid":"0"}""");
        Assert.Empty(bob.Take());
        cluster.Carry();
        Assert.Equal(["""{"id":"a","type":"offer","description":"1"}""", """{"id":"a","type":"candidate","candidate":"candidate:2","mid":"0"}"""], bob.Take());
    }

    [Fact]
    public void Number_ThatDoesNotCome_ClosesWith1013After5Seconds()
    {
        var desk = new Desk(shared: true);
        Client alice = desk.Join("w");
        desk.Advance(5);
        Assert.Equal(1013, alice.CloseCode);
    }

    [Theory]
    [InlineData("""{"kind":"joined","process":"p","revision":1,"session":"","peer":{"id":1,"handle":"1","dialect":"own"}}""")]
    [InlineData("""{"kind":"joined","process":"p","revision":1,"session":"w","peer":{"id":0,"handle":"1","dialect":"own"}}""")]
    [InlineData("""{"kind":"joined","process":"p","revision":1,"session":"w","peer":{"id":1,"handle":"1","dialect":"latin"}}""")]
    [InlineData("""{"kind":"joined","process":"p","revision":1,"session":"w","peer":{"id":1,"handle":"1","dialect":"own","signals":"[],\"x\":1"}}""")]
    [InlineData("""{"kind":"joined","process":"p","revision":-1,"session":"w","peer":{"id":1,"handle":"1","dialect":"own"}}""")]
    [InlineData("""{"kind":"joined","process":"p","revision":1,"session":"w"}""")]
    [InlineData("""{"kind":"signal","process":"p","session":"w","from":1,"to":2,"original":{"dialect":"lecture","json":"}"}}""")]
    [InlineData("""{"kind":"signal","process":"p","session":"w","from":1,"to":2,"original":7}""")]
    [InlineData("""{"kind":"session","process":"p","session":"w","peers":[7]}""")]
    [InlineData("""{"kind":"session","process":"p","session":"w","peers":{}}""")]
    [InlineData("""{"kind":"alive","revision":1}""")]
    [InlineData("""{"kind":"unknown","process":"p"}""")]
    [InlineData("""{"kind":"alive","process":"p"}""")]
    public void Shared_OfWrongForm_IsRefused(string text) => Assert.False(SharedMessage.TryParse(Encoding.UTF8.GetBytes(text), out _));

    private static (Cluster Cluster, Client Bob, Client Alice) Two()
    {
        var cluster = new Cluster(2);
        Client bob = cluster[0].Join("w", "bob");
        cluster.Carry();
        bob.Take();
        Client alice = cluster[1].Join("w", "alice");
        cluster.Carry();
        return (cluster, bob, alice);
    }
}
