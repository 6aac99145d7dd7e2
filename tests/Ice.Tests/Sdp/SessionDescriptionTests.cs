using System;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Ice.Tests.SessionDescriptionExamples;

namespace Stack.Ice.Tests;

public sealed class SessionDescriptionTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Parse_OfferOfRfc8839_GivesItsParts(string lineEnd)
    {
        IceSessionDescription offer = SessionDescriptionExamples.Parse(Rfc8839Offer.ReplaceLineEndings(lineEnd));
        Assert.Equal("jdoe 2890844526 2890842807 IN IP4 203.0.113.141", offer.Origin);
        Assert.Equal(new IceCredentials("8hhY", Password), offer.Credentials);
        Assert.Equal(["ice2"], offer.Options);
        Assert.Equal(TimeSpan.FromMilliseconds(50), offer.Pacing);
        Assert.False(offer.IsLite || offer.EndOfCandidates);
        IceMediaDescription audio = Assert.Single(offer.Media);
        Assert.Equal(("audio", "RTP/AVP", "0"), (audio.Media, audio.Protocol, audio.Formats));
        Assert.Equal(CandidateAttributeTests.Address("192.0.2.3:45664"), audio.Default);
        Assert.Equal([CandidateType.Host, CandidateType.ServerReflexive], audio.Candidates.Select(static candidate => candidate.Type));
        Assert.Equal(IceSupport.Supported, offer.SupportOf(0));
        IceParameters parameters = offer.ParametersOf(0)!;
        Assert.True(parameters.SupportsIce2);
        Assert.False(parameters.Trickles || parameters.IsLite);
        Assert.Equal(TimeSpan.FromMilliseconds(50), parameters.Pacing);
    }

    [Fact]
    public void Parse_OfferOfABrowser_GivesItsParts()
    {
        IceSessionDescription offer = SessionDescriptionExamples.Parse(BrowserOffer);
        IceMediaDescription medium = Assert.Single(offer.Media);
        Assert.Null(offer.Credentials);
        Assert.Equal("7Xk2", medium.Credentials!.UsernameFragment);
        Assert.Equal("0", medium.Mid);
        Assert.Equal("3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local", Assert.Single(medium.Candidates).HostName);
        Assert.Equal(IceSupport.Supported, offer.Support);
        IceParameters parameters = offer.ParametersOf(0)!;
        Assert.True(parameters.Trickles);
        Assert.False(parameters.SupportsIce2);
        Assert.Null(parameters.Pacing);
    }

    [Fact]
    public void Parse_AttributesOfOthers_AreKeptAsTheyAre()
    {
        IceSessionDescription offer = SessionDescriptionExamples.Parse(BrowserOffer);
        Assert.Equal(["group:BUNDLE 0", "extmap-allow-mixed", "msid-semantic: WMS"], offer.Attributes);
        IceMediaDescription medium = Assert.Single(offer.Media);
        Assert.Equal(["fingerprint", "setup:actpass", "sctp-port:5000"], medium.Attributes.Select(static line => line.StartsWith("fing", StringComparison.Ordinal) ? "fingerprint" : line));
        IceSessionDescription odd = SessionDescriptionExamples.Parse(Medium("a=Setup:active\r\na=\r\na=:x\r\na=a b\r\na=ice-lite\r\na=x\r\na=ICE-UFRAG:8hhY\r\na=ice-pwd:" + Password + "\r\n"));
        Assert.Equal(["Setup:active", "x"], Assert.Single(odd.Media).Attributes);
    }

    [Theory]
    [InlineData("ice2,trickle")]
    [InlineData("ice2 trickle")]
    public void Parse_OptionsWithSpacesOrCommas_AreTheSame(string options)
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium("", $"a=ice-options:{options}\r\n" + Credentials()));
        Assert.True(description.ParametersOf(0)! is { SupportsIce2: true, Trickles: true });
    }

    [Theory]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0")]
    [InlineData("v=0\r\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\r\n")]
    [InlineData("v=0\nm=audio 9 RTP/AVP 0\r\n\r\nc=IN IP4 0.0.0.0\n\n")]
    public void Parse_LineEndsMixedOrMissing_AreAccepted(string text) => Assert.Single(SessionDescriptionExamples.Parse(text).Media);

    [Fact]
    public void Parse_MediaLevelCredentials_TakePrecedenceForTheirMediumAlone()
    {
        string second = "m=video 9 RTP/AVP 0\r\n";
        IceSessionDescription description = SessionDescriptionExamples.Parse(
            "v=0\r\nc=IN IP4 0.0.0.0\r\n" + Credentials("sess") + "m=audio 9 RTP/AVP 0\r\n" + Credentials("medi", new string('x', 22)) + second);
        Assert.Equal(new IceCredentials("medi", new string('x', 22)), description.ParametersOf(0)!.Credentials);
        Assert.Equal(new IceCredentials("sess", Password), description.ParametersOf(1)!.Credentials);
        Assert.Null(description.Media[1].Credentials);
    }

    [Fact]
    public void Parse_CredentialsOfAnotherMedium_DoNotCount()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(Credentials() + "m=video 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n"));
        Assert.NotNull(description.ParametersOf(0));
        Assert.Null(description.ParametersOf(1));
        Assert.Equal([IceSupport.Supported, IceSupport.None], Enumerable.Range(0, 2).Select(description.SupportOf));
    }

    [Theory]
    [InlineData(4, 22)]
    [InlineData(256, 256)]
    public void Parse_CredentialsOfTheLengthsAllowed_AreAccepted(int fragment, int password)
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(Credentials(new string('a', fragment), new string('b', password))));
        Assert.Equal((fragment, password), (description.Media[0].Credentials!.UsernameFragment.Length, description.Media[0].Credentials!.Password.Length));
    }

    [Theory]
    [InlineData(257, 22)]
    [InlineData(4, 257)]
    public void Parse_CredentialsThatAreTooLong_AreRefused(int fragment, int password) => Assert.NotEqual(
        IceDescriptionStatus.Ok,
        IceSessionDescription.Parse(Medium(Credentials(new string('a', fragment), new string('b', password))), out _, out _));

    [Fact]
    public void Parse_AttributesAtTheWrongLevel_AreSkipped()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(
            "a=ice-lite\r\na=ice-pacing:20\r\n",
            session: "a=candidate:1 1 UDP 1 192.0.2.1 5000 typ host\r\na=ice-mismatch\r\na=mid:0\r\na=remote-candidates:x\r\na=rtcp:x\r\n"));
        Assert.False(description.IsLite);
        Assert.Null(description.Pacing);
        Assert.Empty(description.Media[0].Candidates);
        Assert.False(description.Media[0].IsMismatch);
        Assert.Null(description.Media[0].Mid);
    }

    [Fact]
    public void Parse_AttributeNamesInAnyCase_AreRead()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(
            "a=ICE-UFRAG:8hhY\r\na=Ice-Pwd:asd88fgpdd777uzjYhagZg\r\na=CANDIDATE:1 1 UDP 1 192.0.2.1 5000 typ host\r\na=End-Of-Candidates\r\n",
            session: "a=ICE-LITE\r\n"));
        Assert.True(description.IsLite);
        Assert.NotNull(description.Media[0].Credentials);
        Assert.Single(description.Media[0].Candidates);
        Assert.True(description.EndsCandidatesOf(0));
    }

    [Fact]
    public void Parse_OptionsOfBothLevels_CountTogether()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(
            Medium(Credentials() + "a=ice-options:trickle rtp+ecn\r\n", session: "a=ice-options:ice2 foo\r\n"));
        Assert.Equal(["trickle", "rtp+ecn"], description.Media[0].Options);
        Assert.True(description.ParametersOf(0) is { SupportsIce2: true, Trickles: true });
    }

    [Fact]
    public void Parse_EndOfCandidatesOfTheSession_IsThatOfEachMedium()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium("", session: "a=end-of-candidates\r\n"));
        Assert.True(description.EndOfCandidates && description.EndsCandidatesOf(0));
        Assert.False(description.Media[0].EndOfCandidates);
    }

    [Fact]
    public void Parse_CandidatesThatAreNotSupported_AreIgnoredAndCounted()
    {
        IceMediaDescription medium = SessionDescriptionExamples.Parse(Medium(
            """
            a=candidate:1 1 UDP 1 peer.example.org 5000 typ host
            a=candidate:1 1 sctp 1 192.0.2.1 5000 typ host
            a=candidate:1 1 UDP 1 192.0.2.1 5000 typ new
            a=candidate:1 1 UDP 1 fe80::1%eth0 5000 typ host
            a=candidate:1 1 UDP 1 192.0.2.1 5000 typ host
            """)).Media[0];
        Assert.Equal((4, 1, 0), (medium.IgnoredCandidates, medium.Candidates.Count, medium.DroppedCandidates));
    }

    [Fact]
    public void Parse_10000CandidateLines_AreTooLong_And1000Keep100()
    {
        const string Line = "a=candidate:1 1 UDP 1 10.0.0.1 1 typ host\n";
        Assert.Equal(
            IceDescriptionStatus.TooLong, IceSessionDescription.Parse(Medium(string.Concat(Enumerable.Repeat(Line, 10_000))), out _, out _));
        string second = "m=video 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\n" + Line + Line;
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(string.Concat(Enumerable.Repeat(Line, 1000)) + second));
        Assert.Equal((100, 900), (description.Media[0].Candidates.Count, description.Media[0].DroppedCandidates));
        Assert.Equal((0, 2), (description.Media[1].Candidates.Count, description.Media[1].DroppedCandidates));
    }

    [Fact]
    public void Parse_RemoteCandidatesInOneLineOrSeveral_AreTheSame()
    {
        IceRemoteCandidate[] expected =
        [
            new(1, CandidateAttributeTests.Address("192.0.2.3:45664")), new(2, CandidateAttributeTests.Address("[2001:db8::3]:45665")),
        ];
        Assert.Equal(
            expected, SessionDescriptionExamples.Parse(Medium("a=remote-candidates:1 192.0.2.3 45664 2 2001:db8::3 45665\r\n")).Media[0].RemoteCandidates);
        Assert.Equal(
            expected,
            SessionDescriptionExamples.Parse(
                Medium("a=remote-candidates:1 192.0.2.3 45664\r\na=remote-candidates:2 2001:db8::3 45665\r\n")).Media[0].RemoteCandidates);
    }

    [Fact]
    public void IsRestartOf_OtherCredentials_IsARestart_WhereverTheyStand()
    {
        IceSessionDescription session = SessionDescriptionExamples.Parse(Medium("", session: Credentials()));
        IceSessionDescription moved = SessionDescriptionExamples.Parse(Medium(Credentials()));
        IceSessionDescription restarted = SessionDescriptionExamples.Parse(Medium(Credentials("9hhY", new string('x', 22))));
        Assert.False(moved.IsRestartOf(session, 0));
        Assert.False(session.IsRestartOf(moved, 0));
        Assert.True(restarted.IsRestartOf(session, 0));
        Assert.False(SessionDescriptionExamples.Parse(Medium("")).IsRestartOf(session, 0));
    }

    [Fact]
    public void ParametersOf_MediumThatIsNotThere_IsTheCallersMistake()
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => description.ParametersOf(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => description.SupportOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => description.EndsCandidatesOf(1));
    }

    [Fact]
    public void Parse_RtcpAttribute_IsTheDefaultDestinationOfRtcp()
    {
        static TransportAddress? Rtcp(string line)
            => SessionDescriptionExamples.Parse(Medium(line, connection: "c=IN IP4 192.0.2.3", media: "m=audio 5000 RTP/AVP 0")).Media[0].RtcpDefault;
        Assert.Equal(CandidateAttributeTests.Address("192.0.2.3:5001"), Rtcp("a=rtcp:5001"));
        Assert.Equal(CandidateAttributeTests.Address("[2001:db8::1]:5001"), Rtcp("a=rtcp:5001 IN IP6 2001:db8::1"));
        Assert.Null(Rtcp("a=rtcp:5001 IN IP4 rtcp.example.org"));
        Assert.Null(Rtcp(""));
    }

    [Fact]
    public void Parse_PortWithCount_IsThePort()
        => Assert.Equal(49170, SessionDescriptionExamples.Parse(Medium("", media: "m=video 49170/2 RTP/AVP 31 32")).Media[0].Port);
}
