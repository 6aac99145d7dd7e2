using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Stack.Signaling;
using Xunit;
using static Stack.Sessions.Tests.SignalingClientTests;

namespace Stack.Sessions.Tests;

/// <summary>VILLASnode's dialect, as the Go server speaks it.</summary>
public sealed class VillasClientTests
{
    private const int Patience = 60_000;

    [Theory(Timeout = Patience)]
    [InlineData(1, "1,2", 2, PairRole.Answer)]
    [InlineData(2, "2,1", 1, PairRole.Offer)]
    [InlineData(7, "9,7,8", 8, PairRole.Answer)]
    [InlineData(8, "9,7,8", 7, PairRole.Offer)]
    public async Task Join_TwoSmallestNumbers_AreThePair(int id, string ids, int partner, PairRole role)
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener, SignalingDialect.Villas) with { Name = "loop" });
        using WebSocketPeer server = await listener.AcceptWebSocketAsync();
        Assert.Equal("/villas/lusab-babad/loop", server.Path);
        JsonEqual("""{"signals":[]}""", await server.ReceiveAsync());
        await server.SendAsync("""{"servers":[{"url":"stun:192.0.2.1:3478","user":"","pass":"","realm":"","expires":"0001-01-01T00:00:00Z"},{"url":"turn:192.0.2.1:3478?transport=udp","user":"1795230223:villas","pass":"wJ5=","realm":"","expires":"2026-11-21T03:03:43Z"}]}""");
        await server.SendAsync(Control(id, [.. ids.Split(',').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))]));
        await using SignalingClient client = await connecting;
        SignalingClientEvent joined = await client.ReadEventAsync();
        Assert.Equal((SignalingClientEventKind.Joined, id), (joined.Kind, joined.Id));
        Assert.Equal(role, joined.Peers.Single(peer => peer.Id == partner).Role);
        Assert.All(joined.Peers.Where(peer => peer.Id != partner), static peer => Assert.Equal(PairRole.None, peer.Role));
        Assert.Equal([null, "1795230223:villas"], joined.Servers!.Servers.Select(static one => one.Username));
    }

    // Nobody says from whom it is, so that it is from the partner.
    [Fact(Timeout = Patience)]
    public async Task Signals_ComeFromThePartner_AndGoWithoutAddress()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener, SignalingDialect.Villas), "{}", Control(2, 1, 2));
        await using (client)
        using (server)
        {
            await server.SendAsync("""{"description":{"spd":"v=0","type":"answer"}}""");
            await server.SendAsync("""{"candidate":{"spd":"a=candidate:1 1 UDP 1 192.0.2.2 46697 typ host","mid":"0"}}""");
            await server.SendAsync("""{"candidate":{"spd":7}}""");
            await server.SendAsync(Control(2, 1, 2));
            await server.SendAsync(Control(2, 1, 2, 3));
            SignalingClientEvent answer = await client.ReadEventAsync();
            Assert.Equal((1, DescriptionType.Answer), (answer.Id, Assert.IsType<DescriptionSignal>(answer.Signal).Description.Type));
            SignalingClientEvent candidate = await client.ReadEventAsync();
            Assert.Equal("candidate:1 1 UDP 1 192.0.2.2 46697 typ host", Assert.IsType<CandidateSignal>(candidate.Signal).Candidate.Line);
            SignalingClientEvent third = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.PeerCame, 3, PairRole.None), (third.Kind, third.Id, third.Peer!.Role));
            await client.SendAsync(1, new DescriptionSignal(new PeerDescription(DescriptionType.Offer, "v=0")));
            await client.SendAsync(1, new CandidateSignal(new PeerCandidate("", "0")));
            await client.SendAsync(1, new CandidateSignal(new PeerCandidate("candidate:1 1 UDP 1 192.0.2.2 1 typ host", "0", 0, "x")));
            JsonEqual("""{"description":{"spd":"v=0","type":"offer"}}""", await server.ReceiveAsync());
            JsonEqual("""{"candidate":{"spd":"candidate:1 1 UDP 1 192.0.2.2 1 typ host","mid":"0"}}""", await server.ReceiveAsync());
        }
    }

    // The leaver is listed once more and then no more: the pair changes when somebody else comes.
    [Fact(Timeout = Patience)]
    public async Task Pair_Changes_ThePartnerGoesAndAnotherComes()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener, SignalingDialect.Villas), "{}", Control(2, 1, 2));
        await using (client)
        using (server)
        {
            await server.SendAsync(Control(2, 1, 2));
            await server.SendAsync(Control(2, 2, 3));
            Assert.Equal((SignalingClientEventKind.PeerGone, 1), await client.ReadEventAsync() is { } gone ? (gone.Kind, gone.Id) : default);
            SignalingClientEvent came = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.PeerCame, 3, PairRole.Answer), (came.Kind, came.Id, came.Peer!.Role));
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Standby_HearsNobody()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener, SignalingDialect.Villas), "{}", Control(3, 1, 2, 3));
        await using (client)
        using (server)
        {
            await server.SendAsync("""{"description":{"spd":"v=0","type":"offer"}}""");
            await server.SendAsync(Control(3, 2, 3));
            var kinds = new List<SignalingClientEventKind>();
            for (int i = 0; i < 2; i++)
            {
                kinds.Add((await client.ReadEventAsync()).Kind);
            }

            Assert.Equal([SignalingClientEventKind.PeerGone, SignalingClientEventKind.PeerCame], kinds);
        }
    }

    // The Go server closes the connection beyond 4096 bytes.
    [Fact(Timeout = Patience)]
    public async Task Send_MoreThan4096Bytes_IsTheCallersMistake()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener, SignalingDialect.Villas), "{}", Control(2, 1, 2));
        await using (client)
        using (server)
        {
            int around = """{"description":{"spd":"","type":"offer"}}""".Length;
            SignalingException error = await Assert.ThrowsAsync<SignalingException>(async () => await Send(4097 - around));
            Assert.Equal(SignalingFailure.TooLong, error.Failure);
            await Send(4096 - around);
            Assert.Equal(4096, Encoding.UTF8.GetByteCount((await server.ReceiveAsync())!));
        }

        ValueTask Send(int length) => client.SendAsync(1, new DescriptionSignal(new PeerDescription(DescriptionType.Offer, new string('x', length))));
    }

    private static string Control(int id, params int[] ids)
    {
        IEnumerable<string> peers = ids.Select(static one
            => $$"""{"name":"p{{one}}","id":{{one}},"remote":"192.0.2.10:51234","user_agent":"libwebsockets","created":"2026-11-21T01:00:00.1Z","connected":"2026-11-21T01:00:00.2Z"}""");
        return $$$"""{"control":{"peer_id":{{{id}}},"peers":[{{{string.Join(',', peers)}}}]}}""";
    }
}
