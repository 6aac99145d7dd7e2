using System;
using System.Collections.Generic;
using System.Text;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>What a client writes, a server reads, and the other way round.</summary>
public sealed class CodecTests
{
    private static readonly DescriptionSignal Offer = new(new PeerDescription(DescriptionType.Offer, "v=0\r\n\u001b\"\\é😀"));
    private static readonly CandidateSignal Candidate = new(new PeerCandidate("candidate:1 1 UDP 1 192.0.2.1 5 typ host", "0", 1, "frag"));
    private static readonly CandidateSignal End = new(new PeerCandidate("", "0"));

    public static TheoryData<OwnMessage> OwnMessages() => new(
    [
        new OwnJoin("w"),
        new OwnJoin("w\"\\é😀", "name", "token"),
        new OwnPeerCame(new OwnPeer(3, "carol", SignalingDialect.Villas, PairRole.Answer)),
        new OwnPeerCame(new OwnPeer(3, "", SignalingDialect.PeerJs, PairRole.None)),
        new OwnGone(int.MaxValue),
        new OwnServersWanted(),
        new OwnSignal(1, 0, Offer),
        new OwnSignal(0, 2, Candidate),
        new OwnSignal(1, 0, End),
        new OwnSignal(1, 0, new DescriptionSignal(new PeerDescription(DescriptionType.Rollback, ""))),
        new OwnError(OwnError.Unexpected, 7),
        new OwnLeave(),
    ]);

    [Theory]
    [MemberData(nameof(OwnMessages), DisableDiscoveryEnumeration = true)]
    public void Own_Written_IsReadAsTheSame(OwnMessage message)
    {
        Assert.Equal(MessageStatus.Ok, OwnMessage.Parse(message.ToUtf8(), out OwnMessage? read));
        Assert.Equal(message, read);
    }

    [Fact]
    public void Own_WithLists_IsReadAsTheSame()
    {
        var joined = new OwnJoined(
            4, "t", TimeSpan.FromSeconds(15), true, [Relays.Stun, Relays.Turn], TimeSpan.FromHours(1), [new OwnPeer(1, "b", SignalingDialect.Lecture, PairRole.Offer)]);
        Assert.Equal(MessageStatus.Ok, OwnMessage.Parse(joined.ToUtf8(), out OwnMessage? read));
        OwnJoined same = Assert.IsType<OwnJoined>(read);
        Assert.Equal(joined with { Servers = same.Servers, Peers = same.Peers }, same);
        Assert.Equal(joined.Peers, same.Peers);
        Assert.Equal(joined.ToUtf8(), same.ToUtf8());
        var servers = new OwnServers([], null);
        Assert.Equal(MessageStatus.Ok, OwnMessage.Parse(servers.ToUtf8(), out read));
        Assert.Empty(Assert.IsType<OwnServers>(read).Servers);
    }

    // A client goes on when the server has learnt something.
    [Fact]
    public void Own_FromANewerServer_IsReadAsFarAsItIsKnown()
    {
        Assert.Equal(MessageStatus.Unknown, OwnMessage.Parse("""{"news":{"x":1}}"""u8, out OwnMessage? read));
        Assert.Null(read);
        Assert.Equal(MessageStatus.Ok, OwnMessage.Parse("""{"peer":{"id":1,"dialect":"latin","role":"sing"}}"""u8, out read));
        Assert.Equal(new OwnPeerCame(new OwnPeer(1, "", null, PairRole.None)), read);
        Assert.Equal(MessageStatus.Malformed, OwnMessage.Parse("""{"joined":{"id":1,"resume":"t","servers":[{"urls":["stun:x",1]}]}}"""u8, out _));
        Assert.Equal(MessageStatus.Malformed, OwnMessage.Parse("""{"joined":{"id":1,"resume":"t","servers":[{}]}}"""u8, out _));
    }

    [Fact]
    public void Villas_Written_IsReadAsTheSame()
    {
        VillasMessage[] messages = [new VillasSignals(), new VillasSignal(Offer), new VillasSignal(new CandidateSignal(new PeerCandidate("candidate:1", "0")))];
        foreach (VillasMessage message in messages)
        {
            Assert.Equal(MessageStatus.Ok, VillasMessage.Parse(message.ToUtf8(), out VillasMessage? read));
            Assert.Equal(message, read);
        }

        var servers = new VillasServers([new VillasRelay("stun:a"), new VillasRelay("turn:a", "u", "p", "r", Relays.Expires)]);
        Assert.Equal(MessageStatus.Ok, VillasMessage.Parse(servers.ToUtf8(), out VillasMessage? again));
        Assert.Equal(servers.Servers, Assert.IsType<VillasServers>(again).Servers);
        var control = new VillasControl(2, [new VillasPeer(1, "a", "r", "u", Relays.Expires, Relays.Expires.AddTicks(1), """[{"name":"u"}]"""), new VillasPeer(2, "b")]);
        Assert.Equal(MessageStatus.Ok, VillasMessage.Parse(control.ToUtf8(), out again));
        Assert.Equal(control.Peers, Assert.IsType<VillasControl>(again).Peers);
        Assert.Equal(MessageStatus.Ok, VillasMessage.Parse("{}"u8, out again));
        Assert.Empty(Assert.IsType<VillasServers>(again).Servers);
    }

    // A peer that was announced to the other server and never connected has no id there.
    [Fact]
    public void Villas_ListOfAnotherServer_IsReadWithWhatItLeavesAway()
    {
        const string Text = """{"control":{"peer_id":2,"peers":[{"name":"never"},{"name":"siggen","id":1,"remote":"192.0.2.10:51234","user_agent":"libwebsockets","created":"2026-11-21T01:00:00.123456789Z","connected":"2026-11-21T01:00:00.2+01:00"},{"id":2,"name":"loop"}]}}""";
        Assert.Equal(MessageStatus.Ok, VillasMessage.Parse(Encoding.UTF8.GetBytes(Text), out VillasMessage? read));
        var control = Assert.IsType<VillasControl>(read);
        Assert.Equal(PairRole.Offer, control.RoleOf(out int partner));
        Assert.Equal(1, partner);
        Assert.Equal(0, control.Peers[0].Id);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, 200, TimeSpan.Zero), control.Peers[1].Connected);
    }

    [Fact]
    public void LibDataChannel_OfAClient_IsWrittenAsItsOwnClientsDo()
    {
        Assert.Equal("""{"id":"b","type":"answer","description":"v=0"}""", Text(new LibDataChannelMessage("b", new DescriptionSignal(new PeerDescription(DescriptionType.Answer, "v=0"))).ToUtf8()));
        Assert.Equal("""{"id":"b","type":"candidate","candidate":"a=candidate:1","mid":"0"}""", Text(new LibDataChannelMessage("b", new CandidateSignal(new PeerCandidate("candidate:1"))).ToUtf8()));
        Assert.Null(new LibDataChannelMessage("b", End).ToUtf8());
        Assert.Null(new LibDataChannelMessage("b", new VerbatimSignal()).ToUtf8());
        Assert.Equal(MessageStatus.Ok, LibDataChannelMessage.Parse(new LibDataChannelMessage("b", Candidate).ToUtf8(), out LibDataChannelMessage? read));
        Assert.Equal(new PeerCandidate(Candidate.Candidate.Line, "0"), Assert.IsType<CandidateSignal>(read!.Signal).Candidate);
    }

    [Fact]
    public void LectureAndPeerJs_OfAClient_AreReadAsWritten()
    {
        Assert.Equal(
            """{"messageType":"webRTC-candidate","candidate":null,"to":"2"}""", Text(new LectureMessage("2", 0, End).ToUtf8()));
        Assert.Equal(MessageStatus.Ok, LectureMessage.Parse(new LectureMessage("x", 3, Offer).ToUtf8(), out LectureMessage? lecture));
        Assert.Equal(("x", 3, Offer.Description), (lecture!.To, lecture.From, ((DescriptionSignal)lecture.Signal).Description));
        Assert.Equal(MessageStatus.Ok, PeerJsMessage.Parse(new PeerJsMessage(PeerJsMessage.Offer, null, "bob", Offer, "dc_1").ToUtf8(), out PeerJsMessage? peerJs));
        Assert.Equal((PeerJsMessage.Offer, null, "bob", "dc_1", "data"), (peerJs!.Type, peerJs.Source, peerJs.Destination, peerJs.ConnectionId, peerJs.ConnectionType));
        Assert.Equal(Offer.Description, ((DescriptionSignal)peerJs.Signal!).Description);
        Assert.Equal(MessageStatus.Ok, PeerJsMessage.Parse("""{"type":"ERROR","payload":{"msg":"no"}}"""u8, out peerJs));
        Assert.Equal("no", peerJs!.Text);
    }

    // Secrets do not get into logs by accident.
    [Fact]
    public void Messages_WithSecrets_DoNotShowThem()
    {
        List<string> shown =
        [
            new OwnJoin("s3cret", "n", "s3cret").ToString(),
            new OwnJoined(1, "s3cret", default, false, [new RelayServer(["turn:a"], "u", "s3cret")], null, []).ToString(),
            new RelayServer(["turn:a"], "u", "s3cret").ToString(),
            new VillasRelay("turn:a", "u", "s3cret").ToString(),
            new SharedReplaced("p", "w", "s3cret").ToString(),
            new SharedPeer(new SessionPeer { Id = 1, Handle = "h", Name = "n", Dialect = SignalingDialect.PeerJs }, "s3cret").ToString(),
        ];
        Assert.All(shown, static text => Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal));
    }

    private static string Text(byte[]? utf8) => Encoding.UTF8.GetString(utf8!);
}
