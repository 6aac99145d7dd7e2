using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Every dialect to every other: description, candidate, end of candidates, gone.</summary>
public sealed class TranslationTests
{
    // Everything that JSON has to escape, what looks like markup, and characters outside the basic plane.
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=\"q\" \\ \u001b[0m <b>&\t\u2028 \u00e9 \ud83d\ude00 +'\r\na=ice-ufrag:abcd\r\n";
    private const string Line = "candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host";

    public static TheoryData<SignalingDialect, SignalingDialect> Matrix()
    {
        var matrix = new TheoryData<SignalingDialect, SignalingDialect>();
        foreach (SignalingDialect one in System.Enum.GetValues<SignalingDialect>())
        {
            foreach (SignalingDialect other in System.Enum.GetValues<SignalingDialect>())
            {
                matrix.Add(one, other);
            }
        }

        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Pair_OfAnyDialects_ExchangesAll(SignalingDialect one, SignalingDialect other)
    {
        var desk = new Desk();
        var a = new DialectPeer(desk, one, "anna");
        var b = new DialectPeer(desk, other, "bert");
        Assert.Equal((1, 2), (a.Id, b.Id));
        a.Hear();
        b.Hear();
        b.Describe(a, "offer", Sdp);
        b.Candidate(a, Line);
        bool ended = b.End(a);
        a.Describe(b, "answer", Sdp);
        a.Candidate(b, Line);

        string fromB = NameOf(one, b);
        string fromA = NameOf(other, a);
        (string, string, string)[] heard = [("offer", fromB, Sdp), ("candidate", fromB, Line)];
        Assert.Equal(ended && HasEnd(one) ? [.. heard, ("end", fromB, "")] : heard, a.Hear());
        Assert.Equal([("answer", fromA, Sdp), ("candidate", fromA, Line)], b.Hear());

        b.Client.Close(1000);
        Assert.Equal(
            one switch
            {
                SignalingDialect.Own => [("gone", "2", "")],
                SignalingDialect.Villas => [("control", "", "1,2")],

                // PeerJS keeps its connections when a server forgets one of its own, and nobody says it to the others.
                SignalingDialect.PeerJs when other != SignalingDialect.PeerJs => [("gone", fromB, "")],
                _ => [],
            },
            a.Hear());
    }

    // The one of PeerJS offers: it has named the connection, and all that comes back is in that name.
    [Fact]
    public void PeerJs_ThatOffersToAnother_HearsItsConnectionId()
    {
        var desk = new Desk();
        var a = new DialectPeer(desk, SignalingDialect.Own, "anna");
        var b = new DialectPeer(desk, SignalingDialect.PeerJs, "bert");
        b.Describe(a, "offer", Sdp);
        a.Describe(b, "answer", "v=0");
        a.Candidate(b, Line);
        Assert.Equal(
            [
                """{"type":"OPEN"}""",
                """{"type":"ANSWER","src":"1","dst":"bert","payload":{"sdp":{"type":"answer","sdp":"v=0"},"type":"data","connectionId":"dc_own"}}""",
                """{"type":"CANDIDATE","src":"1","dst":"bert","payload":{"candidate":{"candidate":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","sdpMid":"0"},"type":"data","connectionId":"dc_own"}}""",
            ],
            b.Client.Take());
    }

    [Fact]
    public void PeerJs_ThatIsOffered_HearsOneInventedConnectionIdThroughout()
    {
        var desk = new Desk();
        var b = new DialectPeer(desk, SignalingDialect.PeerJs, "bert");
        var a = new DialectPeer(desk, SignalingDialect.Own, "anna");
        a.Describe(b, "offer", "v=0");
        a.Candidate(b, Line);
        string[] heard = b.Client.Take();
        string id = System.Text.Json.Nodes.JsonNode.Parse(heard[1])!["payload"]!["connectionId"]!.ToString();
        Assert.Matches("^dc_[0-9a-f]{11}$", id);
        Assert.Equal(
            """{"type":"OFFER","src":"2","dst":"bert","payload":{"sdp":{"type":"offer","sdp":"v=0"},"type":"data","connectionId":"ID","label":"ID","reliable":true,"serialization":"raw"}}""".Replace("ID", id, System.StringComparison.Ordinal),
            heard[1]);
        Assert.Contains("\"connectionId\":\"" + id + "\"", heard[2], System.StringComparison.Ordinal);
    }

    // A browser refuses a candidate of no media section; two dialects need not name one.
    [Fact]
    public void Candidate_OfNoMediaSection_IsOfTheFirstForOthers()
    {
        var desk = new Desk();
        Client a = desk.Open("/libdatachannel/w/a");
        Client own = desk.Join("w");
        own.Take();
        a.Say("""{"id":"2","type":"candidate","candidate":"a=candidate:1"}""");
        Assert.Equal("""{"from":1,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""", own.TakeOne());
        own.Say("""{"to":1,"candidate":{"candidate":"candidate:2","sdpMLineIndex":3}}""");
        Assert.Equal("""{"id":"2","type":"candidate","candidate":"a=candidate:2","mid":"3"}""", a.TakeOne());
    }

    [Fact]
    public void Answer_WithoutOffer_DoesNotCrossDialects()
    {
        var desk = new Desk();
        var a = new DialectPeer(desk, SignalingDialect.LibDataChannel, "anna");
        var b = new DialectPeer(desk, SignalingDialect.PeerJs, "bert");
        b.Describe(a, "answer", Sdp);
        Assert.Empty(a.Hear());
    }

    [Fact]
    public void Words_OfOneDialectAlone_StayInIt()
    {
        var desk = new Desk();
        Client chatty = desk.Open("/websocket?session=w");
        var other = new DialectPeer(desk, SignalingDialect.LibDataChannel, "anna");
        var own = new DialectPeer(desk, SignalingDialect.Own, "olga");
        own.Client.Take();
        chatty.Say("""{"messageType":"other","to":2,"x":1}""");
        other.Client.Say("""{"id":"3","type":"bye"}""");
        Assert.Empty(other.Client.Take());
        Assert.Empty(own.Client.Take());
    }

    private static bool HasEnd(SignalingDialect dialect) => dialect is SignalingDialect.Own or SignalingDialect.Lecture or SignalingDialect.PeerJs;

    private static string NameOf(SignalingDialect listener, DialectPeer peer) => listener switch
    {
        SignalingDialect.Villas => "",
        SignalingDialect.Own or SignalingDialect.Lecture => peer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => peer.Handle,
    };
}
