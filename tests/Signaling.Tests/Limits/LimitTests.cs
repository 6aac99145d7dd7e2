using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>security.md 3.3, as far as it needs no sockets: what one peer, one address and one session may use.</summary>
public sealed class LimitTests
{
    // W17.
    [Fact]
    public void Session_NinthPeer_IsClosedWith4403AndAPlaceIsFreeAgainLater()
    {
        var desk = new Desk();
        Client[] eight = [.. Enumerable.Range(0, 8).Select(_ => desk.Join("w"))];
        Assert.Equal(4403, desk.Join("w").CloseCode);
        Assert.Equal(4403, desk.Open("/libdatachannel/w/a").CloseCode);
        Assert.Equal(4403, desk.Open("/websocket?session=w").CloseCode);
        Assert.Equal(4403, desk.Open("/peerjs?key=w&id=a&token=t").CloseCode);
        Client villas = desk.Open("/villas/w");
        villas.Say("""{"signals":[]}""");
        Assert.Equal(4403, villas.CloseCode);

        // Who lost its socket has its place still.
        eight[3].Close();
        Assert.Equal(4403, desk.Join("w").CloseCode);
        desk.Advance(16);
        Assert.Equal(9, Assert.IsType<OwnJoined>(desk.Join("w").TakeOwn()[0]).Id);
    }

    [Fact]
    public void Session_Open_HasRoomForManyAndPassesNothingUnaddressed()
    {
        var desk = new Desk();
        Client[] many = [.. Enumerable.Range(0, 256).Select(i => desk.Open("/libdatachannel/p" + i))];
        Assert.Equal(4403, desk.Open("/libdatachannel/more").CloseCode);
        Client again = desk.Open("/libdatachannel/p7");
        Assert.Null(again.CloseCode);
        Assert.Equal(4001, many[7].CloseCode);
        many[9].Close();
        Client lecture = desk.Open("/websocket?session=libdatachannel");
        lecture.Say("""{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"}}""");
        lecture.Say("""{"messageType":"chatMessage","comment":"hi"}""");
        Assert.All(many, static client => Assert.Empty(client.Take()));
    }

    // W17.
    [Fact]
    public void Address_Sockets_TwentyOpenAndTenASecond()
    {
        var desk = new Desk();
        Client? last = null;
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(desk.TryOpen("/session", out last, "192.0.2.1:" + (1000 + i)));
        }

        Assert.Equal(SignalingRefusal.TooFast, desk.TryOpen("/session", out _, "192.0.2.1:2000"));
        Assert.Null(desk.TryOpen("/session", out _, "192.0.2.2:2000"));
        desk.Advance(1);
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(desk.TryOpen("/session", out last, "192.0.2.1:" + (3000 + i)));
        }

        desk.Advance(1);
        Assert.Equal(SignalingRefusal.TooManyFromAddress, desk.TryOpen("/session", out _, "192.0.2.1:4000"));
        Assert.Equal(SignalingRefusal.TooManyFromAddress, desk.TryOpen("/session", out _, "[::ffff:192.0.2.1]:4000"));
        last!.Close();
        Assert.Null(desk.TryOpen("/session", out _, "192.0.2.1:4001"));
    }

    // One household has a whole /64.
    [Fact]
    public void Address_OfIPv6_CountsByItsPrefix()
    {
        var desk = new Desk();
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(desk.TryOpen("/session", out _, $"[2001:db8:1:2::{i:x}]:1000"));
        }

        Assert.Equal(SignalingRefusal.TooFast, desk.TryOpen("/session", out _, "[2001:db8:1:2:ffff::1]:1000"));
        Assert.Null(desk.TryOpen("/session", out _, "[2001:db8:1:3::1]:1000"));
    }

    [Fact]
    public void Connections_InAll_AreBounded()
    {
        var desk = new Desk(new SignalingLimits { MaxConnections = 30 });
        for (int i = 0; i < 30; i++)
        {
            desk.Open("/session");
        }

        Assert.Equal(SignalingRefusal.TooManyConnections, desk.TryOpen("/session", out _));
        desk.Advance(6);
        Assert.Equal(30, desk.Core.Counts.Connections);
    }

    // Addresses that only ever ask are forgotten, and while there are too many of them nobody is let in unseen.
    [Fact]
    public void Addresses_OfAFlood_AreBounded()
    {
        var desk = new Desk(new SignalingLimits { MaxConnections = 10 });
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            string remote = $"10.{i / 250}.0.{(i % 250) + 1}:1";
            refused += desk.TryOpen("/nowhere", out _, remote) == SignalingRefusal.TooManyConnections ? 1 : 0;
        }

        Assert.Equal(3000 - 1024, refused);
        desk.Advance(1.5);
        Assert.Null(desk.TryOpen("/session", out _, "192.0.2.1:1"));
    }

    [Fact]
    public void Messages_BeyondTheRate_AreToBeReadLater()
    {
        var desk = new Desk();
        Client bob = desk.Join("w");
        Client alice = desk.Join("w");
        bob.Take();
        TimeSpan wait = default;
        for (int i = 0; i < 59; i++)
        {
            Assert.Equal(TimeSpan.Zero, alice.Say("""{"to":1,"candidate":{"candidate":"candidate:1"}}"""));
        }

        wait = alice.Say("""{"to":1,"candidate":{"candidate":"candidate:1"}}""");
        Assert.Equal(0.05, wait.TotalSeconds, 3);
        desk.Advance(wait);
        wait = alice.Say("""{"to":1,"candidate":{"candidate":"candidate:1"}}""");
        Assert.Equal(0.05, wait.TotalSeconds, 3);
        Assert.Equal(61, bob.Take().Length);

        // Whoever feeds the core in spite of that loses the connection.
        for (int i = 0; i < 60 && alice.CloseCode is null; i++)
        {
            alice.Say("""{"to":1,"candidate":null}""");
        }

        Assert.Equal(1008, alice.CloseCode);
    }

    [Fact]
    public void Session_Messages_AreBoundedInAll()
    {
        var desk = new Desk(new SignalingLimits { SessionMessagesPerSecond = 20 });
        Client[] villas = [.. Enumerable.Range(0, 8).Select(_ => desk.Open("/villas/w"))];
        foreach (Client client in villas)
        {
            client.Say("""{"signals":[]}""");
        }

        // 40 at once, seven for each.
        for (int i = 0; i < 5; i++)
        {
            villas[0].Say("""{"candidate":{"spd":"candidate:1","mid":"0"}}""");
        }

        Assert.Null(villas[0].CloseCode);
        villas[0].Say("""{"candidate":{"spd":"candidate:1","mid":"0"}}""");
        Assert.Equal(1008, villas[0].CloseCode);
        desk.Advance(1);
        villas[1].Say("""{"candidate":{"spd":"candidate:1","mid":"0"}}""");
        Assert.Null(villas[1].CloseCode);
    }

    [Theory]
    [InlineData(16 * 1024, null)]
    [InlineData((16 * 1024) + 1, 1009)]
    public void Message_Size_IsBounded(int size, int? code)
    {
        var desk = new Desk();
        Client bob = desk.Join("w");
        Client alice = desk.Join("w");
        bob.Take();
        alice.Say(Filled("""{"to":1,"candidate":{"candidate":"X"}}""", size));
        Assert.Equal(code, alice.CloseCode);
        Assert.Equal(code is null ? """{"from":2,"candidate":{"candidate":""" : """{"gone":{"id":2}}""", bob.TakeOne()[..(code is null ? 35 : 17)]);
    }

    // W24.
    [Theory]
    [InlineData(64 * 1024, null)]
    [InlineData((64 * 1024) + 1, 1009)]
    public void Description_Size_IsBoundedAndItsTextUntouched(int size, int? code)
    {
        var desk = new Desk();
        Client bob = desk.Join("w");
        Client alice = desk.Join("w");
        bob.Take();
        string text = Filled("""{"to":1,"description":{"type":"offer","sdp":"\u001b[31m\"'<script>&\\\/\u0000\u2028é😀X"}}""", size);
        alice.Say(text);
        Assert.Equal(code, alice.CloseCode);
        if (code is null)
        {
            string sdp = ((DescriptionSignal)Assert.IsType<OwnSignal>(Assert.Single(bob.TakeOwn())).Signal).Description.Sdp;
            Assert.StartsWith("\u001b[31m\"'<script>&\\/\0\u2028é😀xxx", sdp, StringComparison.Ordinal);
            Assert.Equal(System.Text.Json.Nodes.JsonNode.Parse(text)!["description"]!["sdp"]!.ToString(), sdp);
        }
    }

    // W19 without the sockets: the queue is bounded, the slow one goes, the others hear everything.
    [Fact]
    public void SlowConsumer_InARoomOfEight_IsClosedAndTheOthersHearAll()
    {
        var desk = new Desk();
        Client[] eight = [.. Enumerable.Range(0, 8).Select(_ => desk.Open("/websocket"))];
        eight[7].IsSlow = true;
        int said = 0;
        var heard = new Dictionary<Client, int>();
        while (eight[7].CloseCode is null && said < 1000)
        {
            eight[said % 2].Say("""{"messageType":"webRTC-candidate","candidate":{"candidate":"candidate:1","sdpMid":"0"}}""");
            said++;
            desk.Advance(0.05);
        }

        Assert.Equal(1013, eight[7].CloseCode);
        Assert.False(eight[7].Drained);
        Assert.Equal(257, said);
        Assert.Equal(256, eight[7].Take().Length);
        Assert.All(eight[2..7], client => Assert.Equal(said, client.Take().Length));
        Assert.Equal(7, desk.Core.Counts.Peers);
    }

    [Fact]
    public void SlowConsumer_OfLongDescriptions_IsBoundedByBytes()
    {
        var desk = new Desk();
        Client slow = desk.Join("w");
        Client other = desk.Join("w");
        slow.IsSlow = true;
        string text = Filled("""{"to":1,"description":{"type":"offer","sdp":"X"}}""", 60_000);
        for (int i = 0; i < 5; i++)
        {
            other.Say(text);
        }

        Assert.Equal(1013, slow.CloseCode);
        Assert.InRange(slow.Size, 200_000, 256 * 1024);
        Assert.Equal("""{"gone":{"id":1}}""", other.Take()[^1]);
    }

    [Theory]
    [InlineData("/session")]
    [InlineData("/villas/w/a")]
    public void FirstMessage_Missing_Closes4408After5Seconds(string path)
    {
        var desk = new Desk();
        Client client = desk.Open(path);
        desk.Advance(4.9);
        Assert.Null(client.CloseCode);
        desk.Advance(0.2);
        Assert.Equal(4408, client.CloseCode);
        client.Close(4408);
        Assert.Equal(0, desk.Core.Counts.Connections);
        Assert.Null(desk.Core.NextTimeout);
    }

    [Fact]
    public void Shutdown_ClosesAllAndTakesNoMore()
    {
        var desk = new Desk();
        Client one = desk.Join("w");
        Client two = desk.Open("/peerjs?id=a&token=t");
        desk.Core.Shutdown(desk.Now);
        desk.Drain();
        Assert.Equal((1013, 1013), (one.CloseCode, two.CloseCode));
        Assert.Equal(SignalingRefusal.TooManyConnections, desk.TryOpen("/session", out _));
        one.Close();
        two.Close();
        Assert.Equal(0, desk.Core.Counts.Connections);
    }

    [Fact]
    public void Events_NobodyReads_AreBounded()
    {
        var core = new SignalingCore(new SignalingLimits { ConnectsPerSecond = 10_000 }, new Relays(), new TestKit.SeededRandom(1));
        for (int i = 0; i < 2000; i++)
        {
            core.Connect(new ConnectRequest { Path = "/websocket", Remote = Wire.Address("192.0.2.1:1") }, new Stun.Instant(i), out ConnectionId id);
            core.HandleClosed(id, 0, new Stun.Instant(i));
        }

        int events = 0;
        while (core.TryReadEvent(out _))
        {
            events++;
        }

        Assert.Equal(1024, events);
    }

    private static string Filled(string text, int size)
    {
        int missing = size - System.Text.Encoding.UTF8.GetByteCount(text) + 1;
        return text.Replace("X", new string('x', missing), StringComparison.Ordinal);
    }
}
