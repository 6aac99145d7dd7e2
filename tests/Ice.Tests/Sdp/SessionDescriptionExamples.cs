using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Descriptions as the RFCs and others print them.</summary>
internal static class SessionDescriptionExamples
{
    public const string Password = "asd88fgpdd777uzjYhagZg";

    /// <summary>RFC 8839 section 4.2.6, unfolded.</summary>
    public const string Rfc8839Offer =
        """
        v=0
        o=jdoe 2890844526 2890842807 IN IP4 203.0.113.141
        s=
        c=IN IP4 192.0.2.3
        t=0 0
        a=ice-options:ice2
        a=ice-pacing:50
        a=ice-pwd:asd88fgpdd777uzjYhagZg
        a=ice-ufrag:8hhY
        m=audio 45664 RTP/AVP 0
        b=RS:0
        b=RR:0
        a=rtpmap:0 PCMU/8000
        a=candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host
        a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998

        """;

    /// <summary>What a browser offers for a data channel, shortened.</summary>
    public const string BrowserOffer =
        """
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=candidate:2999745851 1 udp 2113937151 3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local 56789 typ host generation 0 network-cost 999
        a=ice-ufrag:7Xk2
        a=ice-pwd:dOTZKZNVlO9RSGsEGM63JXT2
        a=ice-options:trickle
        a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08
        a=setup:actpass
        a=mid:0
        a=sctp-port:5000

        """;

    /// <summary>RFC 8840 section 4.4, the two media of an INFO request, with valid addresses.</summary>
    public const string Fragment =
        """
        a=ice-pwd:asd88fgpdd777uzjYhagZg
        a=ice-ufrag:8hhY
        m=audio 9 RTP/AVP 0
        a=mid:1
        a=candidate:1 1 UDP 2130706432 2001:db8:a0b:12f0::1 5000 typ host
        a=candidate:1 2 UDP 2130706432 2001:db8:a0b:12f0::1 5001 typ host
        m=audio 9 RTP/AVP 0
        a=mid:2
        a=candidate:1 1 UDP 2130706431 192.0.2.1 6010 typ host
        a=end-of-candidates

        """;

    /// <summary>A session with one medium, whose attribute lines are given.</summary>
    public static string Medium(string lines, string session = "", string media = "m=audio 9 RTP/AVP 0", string connection = "c=IN IP4 0.0.0.0")
        => $"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{session}{media}\r\n{connection}\r\n{lines}";

    /// <summary>Credentials of a session or a medium.</summary>
    public static string Credentials(string fragment = "8hhY", string password = Password) => $"a=ice-ufrag:{fragment}\r\na=ice-pwd:{password}\r\n";

    public static IceSessionDescription Parse(string text)
    {
        IceDescriptionStatus status = IceSessionDescription.Parse(text, out IceSessionDescription? description, out IceDescriptionFault fault);
        Assert.True(status == IceDescriptionStatus.Ok, $"{status} {fault}");
        return description!;
    }
}
