using System.Threading.Tasks;
using Stack.Signaling;
using Xunit;
using static Stack.Sessions.Tests.SignalingClientTests;

namespace Stack.Sessions.Tests;

public sealed class LibDataChannelClientTests
{
    private const int Patience = 60_000;

    [Fact(Timeout = Patience)]
    public async Task Peers_AreKnownFromTheirFirstMessage_AndAddressedByName()
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener, SignalingDialect.LibDataChannel) with { Name = "aLiC", Call = ["bObX"] });
        using WebSocketPeer server = await listener.AcceptWebSocketAsync();
        Assert.Equal("/libdatachannel/lusab-babad/aLiC", server.Path);
        await using SignalingClient client = await connecting;
        SignalingClientEvent joined = await client.ReadEventAsync();
        Assert.Equal([new SignalingPeer(1, "bObX", SignalingDialect.LibDataChannel, PairRole.Offer)], joined.Peers);
        await client.SendAsync(1, new DescriptionSignal(new PeerDescription(DescriptionType.Offer, "v=0")));
        await client.SendAsync(1, new CandidateSignal(new PeerCandidate("", "0")));
        await client.SendAsync(9, new CandidateSignal(new PeerCandidate("", "0")));
        await client.SendAsync(1, new CandidateSignal(new PeerCandidate("candidate:1 1 UDP 1 192.0.2.2 1 typ host", "0")));
        JsonEqual("""{"id":"bObX","type":"offer","description":"v=0"}""", await server.ReceiveAsync());
        JsonEqual("""{"id":"bObX","type":"candidate","candidate":"a=candidate:1 1 UDP 1 192.0.2.2 1 typ host","mid":"0"}""", await server.ReceiveAsync());
        await server.SendAsync("""{"id":"bObX","type":"answer","description":"v=0"}""");
        await server.SendAsync("""{"id":"cArl","type":"offer","description":"v=1"}""");
        await server.SendAsync("nonsense of somebody, passed on unread");
        await server.SendAsync("""{"id":"cArl","type":"candidate","candidate":"candidate:1 1 UDP 1 192.0.2.2 1 typ host","mid":"0"}""");
        Assert.Equal((SignalingClientEventKind.Signal, 1), await client.ReadEventAsync() is { } answer ? (answer.Kind, answer.Id) : default);
        SignalingClientEvent came = await client.ReadEventAsync();
        Assert.Equal((SignalingClientEventKind.PeerCame, new SignalingPeer(2, "cArl", SignalingDialect.LibDataChannel, PairRole.None)), (came.Kind, came.Peer));
        Assert.Equal((SignalingClientEventKind.Signal, 2), await client.ReadEventAsync() is { } offer ? (offer.Kind, offer.Id) : default);
        Assert.Equal((SignalingClientEventKind.Signal, 2), await client.ReadEventAsync() is { } candidate ? (candidate.Kind, candidate.Id) : default);
    }
}
