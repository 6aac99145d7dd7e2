using System;
using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Sessions come, remember their numbers, and are forgotten.</summary>
public sealed class SessionTests
{
    [Fact]
    public void Session_Empty_RemembersItsNumbersForAnHour()
    {
        var desk = new Desk();
        desk.Join("w").Close(1000);
        desk.Advance(TimeSpan.FromMinutes(59));
        Client second = desk.Join("w");
        Assert.Equal(2, Assert.IsType<OwnJoined>(second.TakeOwn()[0]).Id);
        second.Close(1000);
        desk.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(1, desk.Core.Counts.EmptySessions);
        desk.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, desk.Core.Counts.EmptySessions);
        Assert.Equal(1, Assert.IsType<OwnJoined>(desk.Join("w").TakeOwn()[0]).Id);
        Assert.Equal(
            [SignalingEventKind.SessionOpened, SignalingEventKind.Joined, SignalingEventKind.Left, SignalingEventKind.Joined, SignalingEventKind.Left, SignalingEventKind.SessionClosed, SignalingEventKind.SessionOpened, SignalingEventKind.Joined],
            desk.Kinds);
    }

    [Fact]
    public void Sessions_TooMany_TheOneThatIsEmptyLongestIsForgotten()
    {
        var desk = new Desk(new SignalingLimits { MaxSessions = 3 });
        desk.Join("a").Close(1000);
        desk.Advance(1);
        desk.Join("b").Close(1000);
        desk.Join("c");
        desk.Join("d");
        Assert.Equal(2, Assert.IsType<OwnJoined>(desk.Join("b").TakeOwn()[0]).Id);
        Assert.Equal(3, desk.Core.Counts.Sessions + desk.Core.Counts.EmptySessions);
        desk.Join("e");
        Assert.Equal(["b", "c", "d", "e"], desk.Core.Sessions.Select(static session => session.Name));
    }

    [Fact]
    public void Listing_OfSessions_HasAllThatAServerShows()
    {
        var desk = new Desk();
        Client villas = desk.Open("/villas/b/siggen", Desk.Alice, "libwebsockets");
        Assert.Empty(desk.Core.Sessions);
        villas.Say("""{"signals":[{"name":"u","type":"float"}]}""");
        desk.Open("/libdatachannel/a/node");
        Assert.Equal(["a", "b"], desk.Core.Sessions.Select(static session => session.Name));
        SessionPeer peer = Assert.Single(desk.Core.FindSession("b")!.Peers);
        Assert.Equal((1, "siggen", "1", SignalingDialect.Villas, "192.0.2.10:51234", "libwebsockets"), (peer.Id, peer.Name, peer.Handle, peer.Dialect, peer.Remote, peer.UserAgent));
        Assert.Equal("""[{"name":"u","type":"float"}]""", peer.Signals);
        Assert.Equal(desk.Wall, peer.Connected);
        Assert.Null(desk.Core.FindSession("c"));
        Assert.Equal((2, 2, 2), (desk.Core.Counts.Connections, desk.Core.Counts.Peers, desk.Core.Counts.Sessions));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("session")]
    [InlineData("/session/")]
    [InlineData("/session/w")]
    [InlineData("/villas")]
    [InlineData("/villas/")]
    [InlineData("/villas/a/")]
    [InlineData("/villas/a/b/c")]
    [InlineData("/villas/a%00")]
    [InlineData("/libdatachannel")]
    [InlineData("/libdatachannel/")]
    [InlineData("/libdatachannel/a/b/c")]
    [InlineData("/websocket/x")]
    [InlineData("/websocket?session=")]
    [InlineData("/peerjs")]
    [InlineData("/peerjs?id=a")]
    [InlineData("/peerjs?id=a&token=")]
    [InlineData("/peerjs?key=&id=a&token=t")]
    [InlineData("/peerjs?id=%0a&token=t")]
    [InlineData("/other")]
    public void Path_OfNoDialect_IsRefused(string target)
    {
        Assert.Equal(SignalingRefusal.UnknownPath, new Desk().TryOpen(target, out _));
        Assert.Equal(SignalingRefusal.UnknownPath, new Desk().TryOpen("/villas/" + new string('x', 129) + target, out _));
    }

    [Theory]
    [InlineData("/villas/a%2Fb%20c/d", "a/b c")]
    [InlineData("/libdatachannel/x", "libdatachannel")]
    [InlineData("/libdatachannel/s/x", "s")]
    [InlineData("/websocket", "websocket")]
    [InlineData("/websocket?a=b&session=one+two%2b", "one two+")]
    [InlineData("/peerjs?id=a&token=t", "peerjs")]
    [InlineData("/peerjs?key=k&id=a&token=t&version=1.5.5", "k")]
    public void Path_OfADialect_SaysTheSession(string target, string session)
    {
        var desk = new Desk();
        Client client = desk.Open(target);
        if (target.StartsWith("/villas", StringComparison.Ordinal))
        {
            client.Say("""{"signals":[]}""");
        }

        Assert.Equal(session, Assert.Single(desk.Core.Sessions).Name);
    }
}
