using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>The lecture's exercise.</summary>
public sealed class LectureDialectTests
{
    private const string Offer = """{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0\r\na=ice-ufrag:FGP/\r\n"}}""";
    private const string Answer = """{"messageType":"webRTC-answer","answer":{"type":"answer","sdp":"v=0\r\na=ice-ufrag:ANS1\r\n"}}""";
    private const string Candidate = """{"messageType":"webRTC-candidate","candidate":{"candidate":"candidate:2382557538 1 udp 2113937151 192.0.2.3 50000 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"FGP/"}}""";
    private const string End = """{"messageType":"webRTC-candidate","candidate":null}""";

    [Fact]
    public void Exchange_OfTwo_IsForwardedWithFromAdded()
    {
        var desk = new Desk();
        Client a = desk.Open("/websocket");
        Client b = desk.Open("/websocket");
        a.Say(Offer);
        a.Say(Candidate);
        a.Say(End);
        b.Say(Answer);
        Assert.Equal([From(Offer, 1), From(Candidate, 1), From(End, 1)], b.Take());
        Assert.Equal(From(Answer, 2), a.TakeOne());
    }

    [Fact]
    public void Message_WithTo_GoesToTheOneAndKeepsItsOwnMembers()
    {
        var desk = new Desk();
        Client a = desk.Open("/websocket?session=w");
        Client b = desk.Open("/websocket?session=w");
        Client c = desk.Open("/websocket?session=w");
        a.Say("""{"to":3,"from":2,"recipient":"c","messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"}}""");
        b.Say("""{"to":"3","messageType":"webRTC-candidate","candidate":null}""");
        c.Say("""{"to":9,"messageType":"webRTC-candidate","candidate":null}""");
        Assert.Equal(
            ["""{"recipient":"c","messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"},"from":1}""", """{"messageType":"webRTC-candidate","candidate":null,"from":2}"""],
            c.Take());
        Assert.Empty(a.Take());
        Assert.Empty(b.Take());
    }

    // Three without addresses: an answer goes to who offered, and candidates go where the description with their fragment went.
    [Fact]
    public void Candidates_OfThree_FollowTheirUsernameFragment()
    {
        var desk = new Desk();
        Client a = desk.Open("/websocket");
        Client b = desk.Open("/websocket");
        Client c = desk.Open("/websocket");
        a.Say(Offer);
        Assert.Equal(From(Offer, 1), b.TakeOne());
        Assert.Equal(From(Offer, 1), c.TakeOne());
        b.Say(Answer);
        Assert.Equal(From(Answer, 2), a.TakeOne());
        Assert.Empty(c.Take());

        string named = Candidate.Replace("FGP/", "ANS1", System.StringComparison.Ordinal);
        string inLine = """{"messageType":"webRTC-candidate","candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.3 5 typ host ufrag ANS1 network-id 1","sdpMid":"0"}}""";
        b.Say(named);
        b.Say(inLine);
        Assert.Equal([From(named, 2), From(inLine, 2)], a.Take());
        Assert.Empty(c.Take());

        a.Say(Candidate);
        Assert.Single(b.Take());
        Assert.Single(c.Take());
        string stray = Candidate.Replace("FGP/", "else", System.StringComparison.Ordinal);
        b.Say(stray);
        Assert.Equal(From(stray, 2), a.TakeOne());
        Assert.Equal(From(stray, 2), c.TakeOne());
    }

    [Fact]
    public void Chat_Said_GoesToAllWithTheNameThatTheServerKnows()
    {
        var desk = new Desk();
        Client a = desk.Open("/websocket?name=ann");
        Client b = desk.Open("/websocket");
        Client own = desk.Join("websocket");
        own.Take();
        a.Say("""{"messageType":"chatMessage","comment":"hi <b>","username":"bob"}""");
        const string Heard = """{"messageType":"chatMessage","comment":"hi <b>","username":"ann","from":1}""";
        Assert.Equal(Heard, a.TakeOne());
        Assert.Equal(Heard, b.TakeOne());
        Assert.Empty(own.Take());
    }

    [Theory]
    [InlineData("""{"offer":{"type":"offer","sdp":"v=0"}}""")]
    [InlineData("""{"messageType":"webRTC-offer"}""")]
    [InlineData("""{"messageType":"webRTC-offer","offer":"v=0"}""")]
    [InlineData("""{"messageType":"webRTC-candidate","candidate":7}""")]
    [InlineData("""{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"},"to":{}}""")]
    [InlineData("""{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"},"to":-1}""")]
    [InlineData("""{"messageType":1}""")]
    public void Message_OfWrongTypes_Closes4400(string text)
    {
        Client a = new Desk().Open("/websocket");
        a.Say(text);
        Assert.Equal(4400, a.CloseCode);
    }

    private static string From(string text, int id) => text[..^1] + ",\"from\":" + id.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}";
}
