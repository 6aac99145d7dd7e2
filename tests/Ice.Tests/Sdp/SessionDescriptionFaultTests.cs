using System;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Texts that are no descriptions: the status, the line and the position.</summary>
public sealed class SessionDescriptionFaultTests
{
    private const string Start = "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n";
    private const string Media = "m=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\n";
    private const string Credentials = "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\n";

    // The lines behind v=, o=, s= and t=; the line at fault and the text there that the position points to ("" is the end).
    public static TheoryData<string, IceDescriptionStatus, int, string> Descriptions => new()
    {
        { "", IceDescriptionStatus.MissingMedia, 4, "" },
        { "m=audio 9 RTP/AVP 0\n", IceDescriptionStatus.MissingConnection, 5, "" },
        { "m=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\n", IceDescriptionStatus.MissingConnection, 6, "video" },
        { "x\n", IceDescriptionStatus.MalformedLine, 5, "x" },
        { " a=ice-lite\n", IceDescriptionStatus.MalformedLine, 5, " a=" },
        { "A=ice-lite\n", IceDescriptionStatus.MalformedLine, 5, "A=" },
        { "a=x\ry\n", IceDescriptionStatus.MalformedLine, 5, "a=x" },
        { "a=x\0y\n", IceDescriptionStatus.MalformedLine, 5, "a=x" },
        { "m=audio 9 RTP/AVP\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio 65536 RTP/AVP 0\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio 9/x RTP/AVP 0\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio -1 RTP/AVP 0\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio 9 RTP//AVP 0\n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "m=audio 9 RTP/AVP 0 \n", IceDescriptionStatus.MalformedMedia, 5, "audio" },
        { "c=IN IP4\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP4" },
        { "c=IN IP4 127.1\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP4" },
        { "c=IN IP6 192.0.2.1\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP6" },
        { "c=IN IP4 2001:db8::1\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP4" },
        { "c=IN IP6 fe80::1%eth0\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP6" },
        { "c=IN IP4 224.2.1.1/127/3\n", IceDescriptionStatus.MalformedConnection, 5, "IN IP4" },
        { "c=IN IP4 0.0.0.0\nc=IN IP4 0.0.0.0\n", IceDescriptionStatus.Duplicate, 6, "IN IP4 0.0.0.0\n" },
        { Media + "a=ice-ufrag:8hh\n", IceDescriptionStatus.MalformedUsernameFragment, 7, "8hh\n" },
        { Media + "a=ice-ufrag:8hh-\n", IceDescriptionStatus.MalformedUsernameFragment, 7, "8hh-" },
        { Media + "a=ice-ufrag:8hhY \n", IceDescriptionStatus.MalformedUsernameFragment, 7, "8hhY " },
        { Media + "a=ice-ufrag: 8hhY\n", IceDescriptionStatus.MalformedUsernameFragment, 7, " 8hhY" },
        { Media + "a=ice-ufrag\n", IceDescriptionStatus.MalformedUsernameFragment, 7, "ice-ufrag" },
        { Media + "a=ice-pwd:asd88fgpdd777uzjYhagZ\n", IceDescriptionStatus.MalformedPassword, 7, "asd88" },
        { Media + "a=ice-pwd:asd88fgpdd777uzjYhagZ\u00E9\n", IceDescriptionStatus.MalformedPassword, 7, "asd88" },
        { Media + "a=ice-ufrag:8hhY\n", IceDescriptionStatus.MissingPassword, 7, "" },
        { Media + "a=ice-pwd:asd88fgpdd777uzjYhagZg\n", IceDescriptionStatus.MissingUsernameFragment, 7, "" },
        { "a=ice-ufrag:8hhY\n" + Media + "a=ice-pwd:asd88fgpdd777uzjYhagZg\n", IceDescriptionStatus.MissingPassword, 6, "audio" },
        { Credentials + Media + "a=ice-ufrag:9hhY\n", IceDescriptionStatus.MissingPassword, 9, "" },
        { Media + "a=ice-ufrag:8hhY\n" + Media + Credentials, IceDescriptionStatus.MissingPassword, 8, "audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=ice-ufrag:8hhY\na=ice-pwd" },
        { Media + Credentials + "a=ice-ufrag:8hhY\n", IceDescriptionStatus.Duplicate, 9, "8hhY\n" },
        { Media + Credentials + "a=ice-pwd:asd88fgpdd777uzjYhagZg\n", IceDescriptionStatus.Duplicate, 9, "asd88" },
        { Credentials + Media + "a=ice-ufrag:8hhY\na=ice-pwd:bsd88fgpdd777uzjYhagZg\n" + Media, IceDescriptionStatus.ConflictingPasswords, 12, "" },
        { "a=ice-lite:1\n", IceDescriptionStatus.MalformedFlag, 5, "1" },
        { Media + "a=ice-mismatch:\n", IceDescriptionStatus.MalformedFlag, 7, "\n" },
        { "a=end-of-candidates:now\n", IceDescriptionStatus.MalformedFlag, 5, "now" },
        { "a=ice-pacing\n", IceDescriptionStatus.MalformedPacing, 5, "ice-pacing" },
        { "a=ice-pacing:50ms\n", IceDescriptionStatus.MalformedPacing, 5, "50ms" },
        { "a=ice-pacing:12345678901\n", IceDescriptionStatus.MalformedPacing, 5, "123" },
        { "a=ice-pacing:50\na=ice-pacing:50\n", IceDescriptionStatus.Duplicate, 6, "50" },
        { "a=ice-options:\n", IceDescriptionStatus.MalformedOptions, 5, "\n" },
        { "a=ice-options:ice2  trickle\n", IceDescriptionStatus.MalformedOptions, 5, "ice2  " },
        { "a=ice-options:ice2 google-ice\n", IceDescriptionStatus.MalformedOptions, 5, "ice2 " },
        { "a=ice-options:ice2\na=ice-options:trickle\n", IceDescriptionStatus.Duplicate, 6, "trickle" },
        { Media + "a=mid:\n", IceDescriptionStatus.MalformedMid, 7, "\n" },
        { Media + "a=mid:a b\n", IceDescriptionStatus.MalformedMid, 7, "a b" },
        { Media + "a=mid:1\na=mid:2\n", IceDescriptionStatus.Duplicate, 8, "2\n" },
        { Media + "a=mid:1\n" + Media + "a=mid:1\n", IceDescriptionStatus.Duplicate, 10, "1\n" },
        { Media + "a=rtcp:0\n", IceDescriptionStatus.MalformedConnection, 7, "0\n" },
        { Media + "a=rtcp:9 IN IP4\n", IceDescriptionStatus.MalformedConnection, 7, "9 IN IP4\n" },
        { Media + "a=rtcp:9\na=rtcp:9\n", IceDescriptionStatus.Duplicate, 8, "9\n" },
        { Media + "a=remote-candidates:\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "\n" },
        { Media + "a=remote-candidates:1 192.0.2.3\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "1 192" },
        { Media + "a=remote-candidates:0 192.0.2.3 1\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "0 192" },
        { Media + "a=remote-candidates:1 192.0.2.3 0\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "1 192" },
        { Media + "a=remote-candidates:1 peer.example.org 1\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "1 peer" },
        { Media + "a=remote-candidates:1 192.0.2.3 1 1 192.0.2.3 2\n", IceDescriptionStatus.MalformedRemoteCandidates, 7, "1 192" },
    };

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void Parse_TextThatIsNoDescription_GivesStatusLineAndPosition(string lines, IceDescriptionStatus status, int line, string there)
    {
        string text = Start + lines;
        using var thrown = new FirstChanceExceptions();
        IceDescriptionStatus actual = IceSessionDescription.Parse(text, out IceSessionDescription? description, out IceDescriptionFault fault);
        Assert.Equal((status, line), (actual, fault.Line));
        Assert.Null(description);
        Assert.Equal(0, thrown.Total);
        string rest = text[fault.Position..];
        Assert.True(there.Length == 0 ? rest.Length == 0 : rest.StartsWith(there, StringComparison.Ordinal), $"'{rest}'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("v=1\n")]
    [InlineData("o=- 1 1 IN IP4 0.0.0.0\nv=0\n")]
    [InlineData("\uFEFFv=0\n")]
    public void Parse_FirstLineIsNotTheVersion_IsNoDescription(string text)
    {
        Assert.Equal(IceDescriptionStatus.MissingVersion, IceSessionDescription.Parse(text, out _, out IceDescriptionFault fault));
        Assert.Equal(1, fault.Line);
    }

    [Theory]
    [InlineData("a=candidate", "candidate", CandidateAttributeStatus.Incomplete)]
    [InlineData("a=candidate:1 0 UDP 1 192.0.2.1 1 typ host", "0 UDP", CandidateAttributeStatus.MalformedComponent)]
    [InlineData("a=candidate:1 1 UDP 1 192.0.2.1 99999 typ host", "99999", CandidateAttributeStatus.MalformedPort)]
    [InlineData("a=candidate:1 1 UDP 1 192.0.2.1 1 typ host generation", "generation", CandidateAttributeStatus.MalformedExtension)]
    public void Parse_MalformedCandidate_IsRefusedWithPositionAndReasonAndTheOthersCount(string line, string there, CandidateAttributeStatus reason)
    {
        string text = Start + Media + Good(1) + line + "\n" + Good(2) + "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\n";
        IceSessionDescription description = SessionDescriptionExamples.Parse(text);
        IceMediaDescription medium = Assert.Single(description.Media);
        Assert.Equal([1, 2], medium.Candidates.Select(static one => (int)one.Address.Port));
        Assert.Equal((8, reason), (Assert.Single(medium.RefusedCandidates).Line, medium.RefusedCandidates[0].Reason));
        string rest = text[medium.RefusedCandidates[0].Position..];
        Assert.True(rest.StartsWith(there, StringComparison.Ordinal), $"'{rest}'");
        Assert.NotNull(description.ParametersOf(0));
        Assert.Equal(IceSupport.Supported, description.SupportOf(0));
    }

    [Fact]
    public void ParseFragment_MalformedCandidate_IsRefusedAndTheOthersCount()
    {
        string text = "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\nm=audio 9 RTP/AVP 0\na=mid:1\na=candidate:nonsense\n" + Good(1) + "a=end-of-candidates\n";
        Assert.Equal(IceDescriptionStatus.Ok, IceSessionDescription.ParseFragment(text, out IceSessionDescription? fragment, out _));
        Assert.Equal((5, 1), (Assert.Single(fragment!.Media[0].RefusedCandidates).Line, fragment.Media[0].Candidates.Count));
        Assert.True(fragment.EndsCandidatesOf(0));
    }

    [Fact]
    public void Parse_MalformedCandidates_AreListedUpTo100AndThenCounted()
    {
        const string Bad = "a=candidate:x\n";
        string text = Start + Media + string.Concat(Enumerable.Repeat(Bad, 500)) + Good(1) + Media + Bad + Good(2);
        IceSessionDescription description = SessionDescriptionExamples.Parse(text);
        Assert.Equal((100, 400, 1), (description.Media[0].RefusedCandidates.Count, description.Media[0].DroppedCandidates, description.Media[0].Candidates.Count));
        Assert.Equal((0, 1, 1), (description.Media[1].RefusedCandidates.Count, description.Media[1].DroppedCandidates, description.Media[1].Candidates.Count));
    }

    [Fact]
    public void Parse_64KibibytesAndOneMore_IsTooLong()
    {
        string text = Start + Media + "i=";
        text += new string('x', IceSessionDescription.MaxLength - text.Length);
        Assert.Equal(IceDescriptionStatus.Ok, IceSessionDescription.Parse(text, out _, out _));
        Assert.Equal(IceDescriptionStatus.TooLong, IceSessionDescription.Parse(text + "x", out IceSessionDescription? description, out _));
        Assert.Null(description);
    }

    [Fact]
    public void Parse_129Media_AreTooMany()
    {
        string text = Start + "c=IN IP4 0.0.0.0\n" + string.Concat(Enumerable.Repeat("m=audio 9 RTP/AVP 0\n", IceSessionDescription.MaxMedia));
        Assert.Equal(IceSessionDescription.MaxMedia, SessionDescriptionExamples.Parse(text).Media.Count);
        Assert.Equal(IceDescriptionStatus.TooManyMedia, IceSessionDescription.Parse(text + "m=audio 9 RTP/AVP 0\n", out _, out _));
    }

    [Fact]
    public void Parse_EveryPrefixOfADescription_DoesNotThrow()
    {
        string text = SessionDescriptionExamples.Rfc8839Offer + SessionDescriptionExamples.BrowserOffer[4..];
        using var thrown = new FirstChanceExceptions();
        for (int length = 0; length <= text.Length; length++)
        {
            char[] exact = text[..length].ToCharArray();
            IceDescriptionStatus whole = IceSessionDescription.Parse(exact, out IceSessionDescription? description, out IceDescriptionFault fault);
            Assert.Equal(whole == IceDescriptionStatus.Ok, description is not null);
            Assert.InRange(fault.Position, 0, length);
            IceSessionDescription.ParseFragment(exact, out _, out _);
        }

        Assert.Equal(0, thrown.Total);
    }

    private static string Good(int port) => $"a=candidate:1 1 UDP 1 192.0.2.1 {port} typ host\n";
}
