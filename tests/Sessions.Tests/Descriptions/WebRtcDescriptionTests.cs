using System;
using System.Linq;
using Stack.Ice;
using Xunit;
using static Stack.Sessions.Tests.DescriptionExamples;

namespace Stack.Sessions.Tests;

public sealed class WebRtcDescriptionTests
{
    private const string Origin = "- 42 1 IN IP4 127.0.0.1";

    private static readonly IceParameters Own = new()
    {
        Credentials = new IceCredentials("ownf", "ownpasswordownpassword"),
        SupportsIce2 = true,
        Trickles = true,
    };

    [Fact]
    public void CreateOffer_IsWhatBrowsersOffer() => Assert.Equal(
        $"""
        v=0
        o=- 42 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=msid-semantic: WMS *
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=mid:0
        a=ice-options:trickle ice2
        a=ice-ufrag:ownf
        a=ice-pwd:ownpasswordownpassword
        a=fingerprint:{Fingerprint}
        a=setup:actpass
        a=sctp-port:5000
        a=max-message-size:262144

        """.ReplaceLineEndings("\r\n"),
        WebRtcDescription.CreateOffer(Own, Fingerprint, Origin).Format());

    [Theory]
    [InlineData(nameof(Chrome), "Qm5l", true, 262144)]
    [InlineData(nameof(Firefox), "2f6d81ab", true, 1073741823)]
    [InlineData(nameof(LibDataChannel), "w9Zp", true, 262144)]
    [InlineData(nameof(OldSctp), "olds", false, 65536)]
    public void Read_OffersOfOthers_GiveTheirParts(string example, string fragment, bool trickles, long maxMessageSize)
    {
        WebRtcDescription offer = Read(example);
        Assert.Equal(fragment, offer.Parameters.Credentials.UsernameFragment);
        Assert.Equal(trickles, offer.Parameters.Trickles);
        Assert.Equal(Fingerprint, offer.Fingerprint);
        Assert.Equal(example == nameof(OldSctp) ? "active" : "actpass", offer.Setup);
        Assert.Equal(5000, offer.SctpPort);
        Assert.Equal(maxMessageSize, offer.MaxMessageSize);
        Assert.Equal(0, offer.LineIndex);
    }

    [Fact]
    public void Read_LibDataChannelAfterGathering_HasCandidatesAndTheirEnd()
    {
        WebRtcDescription offer = Read(nameof(LibDataChannel));
        Assert.Equal(["192.0.2.17:56112", "203.0.113.9:33011"], offer.Candidates.Select(static one => one.Address.ToString()));
        Assert.True(offer.EndsCandidates);
        Assert.True(offer.Parameters.SupportsIce2);
    }

    [Fact]
    public void Read_AnswerOfPion_HasItsPassiveHalf()
    {
        WebRtcDescription answer = Read(nameof(PionAnswer));
        Assert.Equal("active", answer.Setup);
        Assert.Equal([1, 2], answer.Candidates.Select(static one => one.ComponentId));
        Assert.True(answer.EndsCandidates);
        Assert.False(answer.Parameters.Trickles);
    }

    // Everything is told for the first line, on whose transport the data channel is too.
    [Fact]
    public void Read_BundleBehindMedia_TakesItsTransport()
    {
        WebRtcDescription offer = Read(nameof(ChromeWithMedia));
        Assert.Equal(("2", 2), (offer.Mid, offer.LineIndex));
        Assert.Equal("dYQx", offer.Parameters.Credentials.UsernameFragment);
        Assert.Equal([CandidateType.Host, CandidateType.ServerReflexive], offer.Candidates.Select(static one => one.Type));
        (string?, int?)[] covered = [("0", null), ("1", null), ("2", null), (null, 0), (null, 2), ("", null), (null, null)];
        Assert.All(covered, one => Assert.True(offer.Covers(one.Item1, one.Item2)));
        Assert.False(offer.Covers("3", 0));
        Assert.False(offer.Covers(null, 3));
        Assert.False(offer.Covers(null, -1));
    }

    [Fact]
    public void Read_LineForTheBundleAlone_TakesTheParametersOfTheFirst()
    {
        WebRtcDescription offer = Read(nameof(ChromeMaxBundle));
        Assert.Equal("mbnd", offer.Parameters.Credentials.UsernameFragment);
        Assert.Equal(1, offer.LineIndex);
        string[] lines = Lines(offer.CreateAnswer(Own, Fingerprint, Origin));
        Assert.Contains("a=group:BUNDLE 1", lines);
        Assert.Equal(["m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"], lines.Where(IsMedia));
    }

    // Two transports: the candidates of the other one are not ours.
    [Fact]
    public void Read_MediaOutsideTheBundle_IsNotItsTransport()
    {
        string text = Text(nameof(ChromeWithMedia)).Replace("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1", StringComparison.Ordinal);
        Assert.True(WebRtcDescription.TryRead(text, out WebRtcDescription? offer, out _));
        Assert.Empty(offer.Candidates);
        Assert.False(offer.Covers("0", 0));
        Assert.True(offer.Covers("2", 2));
        Assert.DoesNotContain(Lines(offer.CreateAnswer(Own, Fingerprint, Origin)), static line => line.StartsWith("a=group", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateAnswer_SeveralLines_TakesTheDataChannelAndRefusesTheRestInTheirOrder() => Assert.Equal(
        $"""
        v=0
        o=- 42 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 2
        a=msid-semantic: WMS *
        m=audio 0 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=mid:0
        a=inactive
        m=video 0 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=mid:1
        a=inactive
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=mid:2
        a=ice-options:trickle ice2
        a=ice-ufrag:ownf
        a=ice-pwd:ownpasswordownpassword
        a=fingerprint:{Fingerprint}
        a=setup:active
        a=sctp-port:5000
        a=max-message-size:262144

        """.ReplaceLineEndings("\r\n"),
        Read(nameof(ChromeWithMedia)).CreateAnswer(Own, Fingerprint, Origin).Format());

    [Theory]
    [InlineData(nameof(Chrome), "a=setup:active", "a=sctp-port:5000")]
    [InlineData(nameof(Firefox), "a=setup:active", "a=sctp-port:5000")]
    [InlineData(nameof(LibDataChannel), "a=setup:active", "a=sctp-port:5000")]
    [InlineData(nameof(OldSctp), "a=setup:passive", "a=sctpmap:5000 webrtc-datachannel 65535")]
    public void CreateAnswer_OffersOfOthers_AreAnsweredInTheirTerms(string example, string setup, string sctp)
    {
        WebRtcDescription offer = Read(example);
        WebRtcDescription answer = offer.CreateAnswer(Own, Fingerprint, Origin);
        string[] lines = Lines(answer);
        Assert.Contains(setup, lines);
        Assert.Contains(sctp, lines);
        Assert.Equal(Lines(Text(example)).Where(IsMedia).Select(static line => string.Join(' ', line.Split(' ')[2..])), lines.Where(IsMedia).Select(static line => string.Join(' ', line.Split(' ')[2..])));
        Assert.True(WebRtcDescription.TryRead(answer.Format(), out WebRtcDescription? read, out _));
        Assert.Equal(Own.Credentials, read.Parameters.Credentials);
        Assert.Equal(offer.Mid, read.Mid);
    }

    [Theory]
    [InlineData("", "MissingVersion")]
    [InlineData("hello", "MissingVersion")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nc=IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n", "no data channel")]
    [InlineData("v=0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n", "refused")]
    [InlineData("v=0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n", "no ICE credentials")]
    public void Read_WhatCannotBeUsed_SaysWhy(string text, string problem)
    {
        Assert.False(WebRtcDescription.TryRead(text, out WebRtcDescription? description, out string? said));
        Assert.Null(description);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    // The most that an offer may have, and an answer with more in each line than there was.
    [Fact]
    public void CreateAnswer_OfAnOfferThatFillsItsBound_CanBeWrittenOrSaysThatItCannot()
    {
        string filler = string.Concat(Enumerable.Range(0, 127).Select(static i => $"m=a 9 b {new string('c', 496)}\n"));
        string text = $"v=0\nc=IN IP4 0.0.0.0\na=ice-ufrag:abcd\na=ice-pwd:{new string('x', 22)}\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\n{filler}";
        Assert.True(WebRtcDescription.TryRead(text, out WebRtcDescription? offer, out string? problem), problem);
        Assert.False(offer.CreateAnswer(Own, Fingerprint, Origin).TryFormat(out _));
    }

    private static bool IsMedia(string line) => line.StartsWith("m=", StringComparison.Ordinal);

    private static string[] Lines(WebRtcDescription description) => Lines(description.Format());

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static string Text(string example) => example switch
    {
        nameof(Chrome) => Chrome,
        nameof(ChromeWithMedia) => ChromeWithMedia,
        nameof(ChromeMaxBundle) => ChromeMaxBundle,
        nameof(Firefox) => Firefox,
        nameof(LibDataChannel) => DescriptionExamples.LibDataChannel,
        nameof(PionAnswer) => PionAnswer,
        nameof(OldSctp) => OldSctp,
        _ => throw new ArgumentOutOfRangeException(nameof(example)),
    };

    private static WebRtcDescription Read(string example)
    {
        Assert.True(WebRtcDescription.TryRead(Text(example).ReplaceLineEndings("\r\n"), out WebRtcDescription? description, out string? problem), problem);
        return description;
    }
}
