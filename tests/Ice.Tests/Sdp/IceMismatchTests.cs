using System.Linq;
using Xunit;
using static Stack.Ice.Tests.SessionDescriptionExamples;

namespace Stack.Ice.Tests;

/// <summary>RFC 8839 section 4.2.5 and its exceptions.</summary>
public sealed class IceMismatchTests
{
    private const string Rtp = "a=candidate:1 1 UDP 2130706431 192.0.2.3 5000 typ host\r\n";
    private const string Rtcp = "a=candidate:1 2 UDP 2130706430 192.0.2.3 5001 typ host\r\n";
    private const string PassiveTcp = "a=candidate:1 1 TCP 1 192.0.2.3 5000 typ host tcptype passive\r\n";

    [Theory]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", Rtp, IceSupport.Supported)]
    [InlineData("m=audio 5002 RTP/AVP 0", "c=IN IP4 192.0.2.3", Rtp, IceSupport.Mismatch)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 198.51.100.1", Rtp, IceSupport.Mismatch)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "", IceSupport.Mismatch)]

    // The transport protocol belongs to the destination.
    [InlineData("m=audio 5000 TCP/RTP/AVP 0", "c=IN IP4 192.0.2.3", Rtp, IceSupport.Mismatch)]
    [InlineData("m=audio 5000 TCP/RTP/AVP 0", "c=IN IP4 192.0.2.3", PassiveTcp, IceSupport.Supported)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", PassiveTcp, IceSupport.Mismatch)]

    // Exception 2: the unspecified address with port 9, and with no other.
    [InlineData("m=audio 9 RTP/AVP 0", "c=IN IP4 0.0.0.0", Rtp, IceSupport.Supported)]
    [InlineData("m=audio 9 RTP/AVP 0", "c=IN IP6 ::", Rtp, IceSupport.Supported)]
    [InlineData("m=audio 9 RTP/AVP 0", "c=IN IP4 0.0.0.0", "", IceSupport.Supported)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 0.0.0.0", Rtp, IceSupport.Mismatch)]
    [InlineData("m=audio 9 RTP/AVP 0", "c=IN IP4 192.0.2.3", Rtp, IceSupport.Mismatch)]

    // Exception 3: the answerer has seen a mismatch.
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=ice-mismatch\r\n", IceSupport.PeerReportsMismatch)]

    // Exception 4: a name.
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 peer.example.org", Rtp, IceSupport.Supported)]

    // A stream that is disabled has no destination.
    [InlineData("m=audio 0 RTP/AVP 0", "c=IN IP4 192.0.2.3", "", IceSupport.Disabled)]

    // RTCP: the address that a=rtcp tells, where it tells one.
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=rtcp:5001\r\n" + Rtp + Rtcp, IceSupport.Supported)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=rtcp:5001\r\n" + Rtp, IceSupport.Mismatch)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=rtcp:5002\r\n" + Rtp + Rtcp, IceSupport.Mismatch)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=rtcp:9 IN IP4 0.0.0.0\r\n" + Rtp, IceSupport.Supported)]
    [InlineData("m=audio 5000 RTP/AVP 0", "c=IN IP4 192.0.2.3", "a=rtcp-mux\r\na=rtcp:5000\r\n" + Rtp, IceSupport.Supported)]
    public void SupportOf_DefaultDestination_MustBeAmongTheCandidates(string media, string connection, string lines, IceSupport expected)
    {
        IceSessionDescription description = SessionDescriptionExamples.Parse(Medium(Credentials() + lines, media: media, connection: connection));
        Assert.Equal(expected, description.SupportOf(0));
    }

    [Fact]
    public void SupportOf_NoCredentials_IsNoIceEvenWithCandidates()
        => Assert.Equal(IceSupport.None, SessionDescriptionExamples.Parse(Medium(Rtp)).SupportOf(0));

    // The one that is missing may be among those that were dropped.
    [Fact]
    public void SupportOf_CandidatesDropped_IsNoMismatch()
    {
        string lines = Credentials() + string.Concat(Enumerable.Repeat(Rtcp, 100)) + Rtp;
        IceSessionDescription description = SessionDescriptionExamples.Parse(
            Medium(lines, media: "m=audio 5000 RTP/AVP 0", connection: "c=IN IP4 192.0.2.3"));
        Assert.Equal(1, description.Media[0].DroppedCandidates);
        Assert.Equal(IceSupport.Supported, description.SupportOf(0));
    }

    // RFC 8839 section 4.3.3. One letter for each medium: supported, mismatch, reported by the peer, none, disabled.
    [Theory]
    [InlineData("s", IceSupport.Supported)]
    [InlineData("ss", IceSupport.Supported)]
    [InlineData("sm", IceSupport.Mismatch)]
    [InlineData("ms", IceSupport.Mismatch)]
    [InlineData("sp", IceSupport.Supported)]
    [InlineData("ps", IceSupport.Supported)]
    [InlineData("pp", IceSupport.PeerReportsMismatch)]
    [InlineData("pd", IceSupport.PeerReportsMismatch)]
    [InlineData("n", IceSupport.None)]
    [InlineData("d", IceSupport.None)]
    public void Support_OfSeveralMedia_FollowsTheRulesForTheSession(string media, IceSupport expected)
    {
        string text = "v=0\r\n" + string.Concat(media.Select(static kind => kind switch
        {
            's' => "m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n" + Credentials(),
            'm' => "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.3\r\n" + Credentials(),
            'p' => "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.3\r\na=ice-mismatch\r\n" + Credentials(),
            'n' => "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.3\r\n",
            _ => "m=audio 0 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n",
        }));
        Assert.Equal(expected, SessionDescriptionExamples.Parse(text).Support);
    }
}
