using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Who offers to whom.</summary>
public sealed class RoleTests
{
    [Theory]
    [InlineData(SignalingDialect.Own, PairRole.Answer)]
    [InlineData(SignalingDialect.Villas, PairRole.Answer)]
    [InlineData(SignalingDialect.LibDataChannel, PairRole.Offer)]
    [InlineData(SignalingDialect.Lecture, PairRole.Offer)]
    [InlineData(SignalingDialect.PeerJs, PairRole.Offer)]
    public void Own_FirstOfTwo_OffersToThoseWhoCallByHand(SignalingDialect other, PairRole role)
    {
        var desk = new Desk();
        Client own = desk.Join("w");
        own.Take();
        _ = new DialectPeer(desk, other, "bert");
        OwnPeer peer = Assert.IsType<OwnPeerCame>(Assert.Single(own.TakeOwn())).Peer;
        Assert.Equal((2, other, role), (peer.Id, peer.Dialect, peer.Role));
    }

    [Theory]
    [InlineData(SignalingDialect.Own)]
    [InlineData(SignalingDialect.Villas)]
    [InlineData(SignalingDialect.LibDataChannel)]
    [InlineData(SignalingDialect.Lecture)]
    [InlineData(SignalingDialect.PeerJs)]
    public void Own_SecondOfTwo_OffersToAnybody(SignalingDialect other)
    {
        var desk = new Desk();
        _ = new DialectPeer(desk, other, "bert");
        Client own = desk.Join("w");
        Assert.Equal(PairRole.Offer, Assert.Single(Assert.IsType<OwnJoined>(Assert.Single(own.TakeOwn())).Peers).Role);
    }

    // signaling.md 1.4: VILLASnode's two are the smallest numbers of the list, and it keeps to the list that it was sent last.
    [Fact]
    public void Villas_OfThree_PairsWithTheSmallestAndRolesFollowItsLists()
    {
        var desk = new Desk();
        var first = new DialectPeer(desk, SignalingDialect.Villas, "first");
        Client second = desk.Join("w", "second");
        Client third = desk.Join("w", "third");
        Assert.Equal([PairRole.Offer], Assert.IsType<OwnJoined>(second.TakeOwn()[0]).Peers.Select(static peer => peer.Role));
        Assert.Equal([PairRole.None, PairRole.Offer], Assert.IsType<OwnJoined>(third.TakeOwn()[0]).Peers.Select(static peer => peer.Role));
        first.Hear();

        // Who is not its partner would be taken for it.
        third.Say("""{"to":1,"description":{"type":"offer","sdp":"v=0"}}""");
        Assert.Equal("""{"error":{"code":"unexpected","to":1}}""", third.TakeOne());
        Assert.Empty(first.Hear());

        // It says everything to all: only its partner is meant.
        second.Say("""{"to":1,"description":{"type":"offer","sdp":"v=0"}}""");
        second.Take();
        first.Describe(null!, "answer", "v=1");
        Assert.Equal("""{"from":1,"description":{"type":"answer","sdp":"v=1"}}""", second.TakeOne());
        Assert.Empty(third.Take());

        // The second goes but is still listed, so the first stays with it: for the third nothing changes yet.
        second.Close(1000);
        Assert.Equal([("offer", "", "v=0"), ("control", "", "1,2,3")], first.Hear());
        Assert.Equal("""{"gone":{"id":2}}""", third.TakeOne());

        // The next list has the first and the third.
        Client fourth = desk.Join("w", "fourth");
        Assert.Equal(("control", "", "1,3,4"), Assert.Single(first.Hear()));
        Assert.Equal(
            ["""{"peer":{"id":4,"name":"fourth","dialect":"own","role":"answer"}}""", """{"peer":{"id":1,"name":"first","dialect":"villas","role":"offer"}}"""],
            third.Take());
        Assert.Equal([PairRole.None, PairRole.Offer], Assert.IsType<OwnJoined>(fourth.TakeOwn()[0]).Peers.Select(static peer => peer.Role));
        third.Say("""{"to":1,"description":{"type":"offer","sdp":"v=2"}}""");
        Assert.Equal(("offer", "", "v=2"), Assert.Single(first.Hear()));
    }

    [Fact]
    public void Villas_TwoThatStandBefore_LeaveAnOwnPeerWithNone()
    {
        var desk = new Desk();
        var first = new DialectPeer(desk, SignalingDialect.Villas, "first");
        Client own = desk.Join("w");
        own.Take();
        Assert.Equal(2, new DialectPeer(desk, SignalingDialect.Villas, "last").Id + 0 - 1);
        Assert.Equal("""{"peer":{"id":3,"name":"last","dialect":"villas","role":"none"}}""", own.TakeOne());
        own.Close(1000);
        first.Hear();
        Client late = desk.Join("w");
        Assert.Equal([PairRole.None, PairRole.None], Assert.IsType<OwnJoined>(late.TakeOwn()[0]).Peers.Select(static peer => peer.Role));
    }

    [Fact]
    public void Villas_ThatComesBeforeAnOwnPeer_ChangesNoRoleOfOthers()
    {
        var desk = new Desk();
        Client one = desk.Join("w");
        Client two = desk.Join("w");
        one.Take();
        two.Take();
        _ = new DialectPeer(desk, SignalingDialect.Villas, "late");
        Assert.Equal("""{"peer":{"id":3,"name":"late","dialect":"villas","role":"none"}}""", one.TakeOne());
        Assert.Equal("""{"peer":{"id":3,"name":"late","dialect":"villas","role":"none"}}""", two.TakeOne());
    }
}
