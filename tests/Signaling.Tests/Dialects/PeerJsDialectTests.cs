using System;
using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>PeerJS 1.5, as its server behaves.</summary>
public sealed class PeerJsDialectTests
{
    private const string Offer = """{"type":"OFFER","payload":{"sdp":{"type":"offer","sdp":"v=0\r\n"},"type":"data","connectionId":"dc_1","metadata":{"a":[1.0]},"label":"dc_1","reliable":true,"serialization":"binary"},"dst":"bob"}""";
    private const string Answer = """{"type":"ANSWER","payload":{"sdp":{"type":"answer","sdp":"v=0\r\n"},"type":"data","connectionId":"dc_1"},"dst":"alice"}""";
    private const string Candidate = """{"type":"CANDIDATE","payload":{"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.3 5 typ host","sdpMLineIndex":0,"sdpMid":"0","usernameFragment":"x"},"type":"data","connectionId":"dc_1"},"dst":"bob"}""";

    [Fact]
    public void Exchange_OfTwo_IsForwardedWithSource()
    {
        (Client alice, Client bob, _) = Two();
        alice.Say(Offer);
        alice.Say(Candidate);
        bob.Say(Answer);
        Assert.Equal([From(Offer, "alice"), From(Candidate, "alice")], bob.Take());
        Assert.Equal(From(Answer, "bob"), alice.TakeOne());
    }

    [Fact]
    public void Open_IsTheFirstMessage() => Assert.Equal("""{"type":"OPEN"}""", Open(new Desk(), "alice").TakeOne());

    [Fact]
    public void Id_Taken_IsSaidAndClosed()
    {
        (Client alice, _, Desk desk) = Two();
        Client other = Open(desk, "alice", "other");
        Assert.Equal("""{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}""", other.TakeOne());
        Assert.Equal(1000, other.CloseCode);
        Assert.True(other.Drained);
        Assert.Null(alice.CloseCode);
        other.Close(1000);
        Assert.Equal(2, desk.Core.Counts.Peers);
    }

    [Fact]
    public void Token_Same_IsTheSamePeerAgain()
    {
        (Client alice, Client bob, Desk desk) = Two();
        int[] ids = [.. desk.Core.FindSession("peerjs")!.Peers.Select(static peer => peer.Id)];
        Client again = Open(desk, "alice");
        Assert.Equal(4001, alice.CloseCode);
        Assert.Equal("""{"type":"OPEN"}""", again.TakeOne());
        bob.Say(Answer);
        Assert.Equal(From(Answer, "bob"), again.TakeOne());
        alice.Close();
        Assert.Equal(ids, desk.Core.FindSession("peerjs")!.Peers.Select(static peer => peer.Id));
    }

    [Fact]
    public void Heartbeat_Missing_ClosesAfter90Seconds()
    {
        (Client alice, Client bob, Desk desk) = Two();
        for (int i = 0; i < 40; i++)
        {
            desk.Advance(5);
            alice.Say("""{"type":"HEARTBEAT"}""");
        }

        Assert.Null(alice.CloseCode);
        Assert.Equal(4408, bob.CloseCode);
        Assert.Empty(alice.Take());
        desk.Advance(89);
        Assert.Null(alice.CloseCode);
        desk.Advance(2);
        Assert.Equal(4408, alice.CloseCode);
    }

    [Fact]
    public void Destination_AbsentFor5Seconds_Expires()
    {
        (Client alice, _, Desk desk) = Two();
        alice.Say(Offer.Replace("bob", "carol", StringComparison.Ordinal));
        alice.Say(Candidate.Replace("bob", "carol", StringComparison.Ordinal));
        desk.Advance(4.9);
        Assert.Empty(alice.Take());
        desk.Advance(0.2);
        Assert.Equal("""{"type":"EXPIRE","src":"carol","dst":"alice"}""", alice.TakeOne());
        Assert.Empty(Open(desk, "carol").Take()[1..]);
        desk.Advance(6);
        Assert.Empty(alice.Take());
    }

    [Fact]
    public void Destination_ThatComesWithin5Seconds_GetsAllInOrder()
    {
        (Client alice, _, Desk desk) = Two();
        string offer = Offer.Replace("bob", "carol", StringComparison.Ordinal);
        string candidate = Candidate.Replace("bob", "carol", StringComparison.Ordinal);
        alice.Say(offer);
        desk.Advance(3);
        alice.Say(candidate);
        Assert.Equal(["""{"type":"OPEN"}""", From(offer, "alice"), From(candidate, "alice")], Open(desk, "carol").Take());
        desk.Advance(6);
        Assert.Empty(alice.Take());
    }

    [Fact]
    public void Messages_ToTheAbsent_AreBounded()
    {
        (Client alice, _, Desk desk) = Two(new SignalingLimits { MaxQueuedMessages = 10 });
        for (int i = 0; i < 11; i++)
        {
            alice.Say(Offer.Replace("bob", "p" + i, StringComparison.Ordinal));
        }

        Assert.Equal("""{"type":"EXPIRE","src":"p10","dst":"alice"}""", alice.TakeOne());
        desk.Advance(5);
        Assert.Equal(10, alice.Take().Length);
    }

    [Fact]
    public void Leave_WithDestination_IsForwardedAndWithoutCloses()
    {
        (Client alice, Client bob, Desk desk) = Two();
        alice.Say("""{"type":"LEAVE","dst":"bob"}""");
        Assert.Equal("""{"type":"LEAVE","dst":"bob","src":"alice"}""", bob.TakeOne());
        alice.Say("""{"type":"LEAVE","dst":"nobody"}""");
        alice.Say("""{"type":"LEAVE"}""");
        Assert.Equal(1000, alice.CloseCode);
        Assert.Empty(bob.Take());
        Assert.Equal(1, desk.Core.Counts.Peers);
    }

    // W13.
    [Fact]
    public void Source_Forged_IsOverwritten()
    {
        (Client alice, Client bob, _) = Two();
        alice.Say("""{"type":"OFFER","src":"carol","dst":"bob","payload":{"sdp":{"type":"offer","sdp":"v"}}}""");
        Assert.Equal("""{"type":"OFFER","dst":"bob","payload":{"sdp":{"type":"offer","sdp":"v"}},"src":"alice"}""", bob.TakeOne());
    }

    // Only the two peers have to understand a payload.
    [Fact]
    public void Payload_Strange_PassesBetweenPeersOfPeerJs()
    {
        (Client alice, Client bob, _) = Two();
        const string Strange = """{"type":"OFFER","payload":"opaque","dst":"bob"}""";
        alice.Say(Strange);
        alice.Say("""{"type":"EXPIRE","dst":"bob"}""");
        alice.Say("""{"type":"OPEN","dst":"bob"}""");
        Assert.Equal(From(Strange, "alice"), bob.TakeOne());
    }

    [Fact]
    public void Keys_Different_AreDifferentSessions()
    {
        (Client alice, _, Desk desk) = Two();
        Client bob = desk.Open("/peerjs?key=other&id=bob&token=t&version=1.5.5");
        alice.Say(Offer);
        Assert.Equal(["""{"type":"OPEN"}"""], bob.Take());
    }

    [Theory]
    [InlineData("""{"dst":"bob"}""")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"type":"OFFER","dst":7}""")]
    [InlineData("HEARTBEAT")]
    public void Message_OfWrongTypes_Closes4400(string text)
    {
        (Client alice, _, _) = Two();
        alice.Say(text);
        Assert.Equal(4400, alice.CloseCode);
    }

    private static string From(string text, string source) => text[..^1] + ",\"src\":\"" + source + "\"}";

    private static Client Open(Desk desk, string id, string token = "t")
        => desk.Open($"/peerjs?key=peerjs&id={id}&token={token}&version=1.5.5");

    private static (Client Alice, Client Bob, Desk Desk) Two(SignalingLimits? limits = null)
    {
        var desk = new Desk(limits);
        Client alice = Open(desk, "alice");
        Client bob = Open(desk, "bob");
        alice.Take();
        bob.Take();
        return (alice, bob, desk);
    }
}
