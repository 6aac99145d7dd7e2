using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>The exchange of libdatachannel's and node-datachannel's examples.</summary>
public sealed class LibDataChannelDialectTests
{
    [Fact]
    public void Exchange_OfTwo_HasTheSenderForTheReceiver()
    {
        var desk = new Desk();
        Client a = desk.Open("/libdatachannel/aLiC");
        Client b = desk.Open("/libdatachannel/bObX");
        a.Say("""{"id":"bObX","type":"offer","description":"v=0\r\n…"}""");
        Assert.Equal("""{"id":"aLiC","type":"offer","description":"v=0\r\n…"}""", b.TakeOne());
        b.Say("""{"id":"aLiC","type":"answer","description":"v=0\r\n…"}""");
        Assert.Equal("""{"id":"bObX","type":"answer","description":"v=0\r\n…"}""", a.TakeOne());
        a.Say("""{"id":"bObX","type":"candidate","candidate":"a=candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","mid":"0"}""");
        Assert.Equal("""{"id":"aLiC","type":"candidate","candidate":"a=candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","mid":"0"}""", b.TakeOne());
        b.Say("""{"id":"aLiC","type":"candidate","candidate":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","mid":"0"}""");
        Assert.Equal("""{"id":"bObX","type":"candidate","candidate":"candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host","mid":"0"}""", a.TakeOne());
    }

    // What the server has no words for passes too, as it does with the server of its own.
    [Fact]
    public void Message_OfAnyOtherType_PassesWithAllThatIsInIt()
    {
        var desk = new Desk();
        Client a = desk.Open("/libdatachannel/a");
        Client b = desk.Open("/libdatachannel/b");
        a.Say("""{"type":"bye","id":"b","n":1.50,"deep":{"x":["\u00e9"]}}""");
        Assert.Equal("""{"id":"a","type":"bye","n":1.50,"deep":{"x":["\u00e9"]}}""", b.TakeOne());
    }

    [Fact]
    public void Receiver_Unknown_IsToldNothingAndNothingIsSaid()
    {
        var desk = new Desk();
        Client a = desk.Open("/libdatachannel/a");
        Client elsewhere = desk.Open("/libdatachannel/room/b");
        a.Say("""{"id":"b","type":"offer","description":"v=0"}""");
        a.Say("""{"id":"a","type":"offer","description":"v=0"}""");
        Assert.Empty(a.Take());
        Assert.Empty(elsewhere.Take());
        Assert.Null(a.CloseCode);
    }

    [Fact]
    public void Id_Again_TheLastOneWins()
    {
        var desk = new Desk();
        Client former = desk.Open("/libdatachannel/a");
        Client b = desk.Open("/libdatachannel/b");
        Client latter = desk.Open("/libdatachannel/a");
        Assert.Equal(4001, former.CloseCode);
        b.Say("""{"id":"a","type":"offer","description":"v=0"}""");
        Assert.Equal("""{"id":"b","type":"offer","description":"v=0"}""", latter.TakeOne());
        former.Close();
        b.Say("""{"id":"a","type":"offer","description":"v=1"}""");
        Assert.Single(latter.Take());
        Assert.Equal(2, desk.Core.Counts.Peers);
    }

    [Fact]
    public void Id_OfAPeerOfAnotherDialect_IsRefused()
    {
        var desk = new Desk();
        desk.Join("w", "alice");
        Assert.Equal(SignalingRefusal.NameTaken, desk.TryOpen("/libdatachannel/w/1", out _));
        Assert.Null(desk.TryOpen("/libdatachannel/w/2", out _));
    }

    [Theory]
    [InlineData("""{"type":"offer","description":"v=0"}""")]
    [InlineData("""{"id":7,"type":"offer","description":"v=0"}""")]
    [InlineData("""{"id":"b","type":"offer"}""")]
    [InlineData("""{"id":"b","type":"offer","description":{}}""")]
    [InlineData("""{"id":"b","type":"candidate","mid":"0"}""")]
    [InlineData("""{"id":"b","type":1}""")]
    [InlineData("hello")]
    public void Message_OfWrongTypes_Closes4400(string text)
    {
        var desk = new Desk();
        Client a = desk.Open("/libdatachannel/a");
        a.Say(text);
        Assert.Equal(4400, a.CloseCode);
    }
}
