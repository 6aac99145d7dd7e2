namespace Stack.Sessions.Tests;

/// <summary>Offers and answers in the form of the programs that are met, with addresses of documentation.</summary>
internal static class DescriptionExamples
{
    public const string Fingerprint = "sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0";

    /// <summary>Chrome, a data channel alone.</summary>
    public const string Chrome =
        """
        v=0
        o=- 7614219274584779017 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=ice-ufrag:Qm5l
        a=ice-pwd:hN3vT0b1kXyZ9rUq2wEoL7Vd
        a=ice-options:trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:actpass
        a=mid:0
        a=sctp-port:5000
        a=max-message-size:262144

        """;

    /// <summary>Chrome, audio and video before the data channel, all on one transport, candidates gathered.</summary>
    public const string ChromeWithMedia =
        """
        v=0
        o=- 4962303333179871722 3 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1 2
        a=extmap-allow-mixed
        a=msid-semantic: WMS stream
        m=audio 51472 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 203.0.113.7
        a=rtcp:9 IN IP4 0.0.0.0
        a=candidate:1467250027 1 udp 2122260223 192.0.2.5 46243 typ host generation 0 network-id 1
        a=candidate:435653019 1 udp 1686052607 203.0.113.7 51472 typ srflx raddr 192.0.2.5 rport 46243 generation 0 network-id 1
        a=ice-ufrag:dYQx
        a=ice-pwd:Jk2m9PqR4sTuVwXyZ0aBcDeF
        a=ice-options:trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:actpass
        a=mid:0
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=sendrecv
        a=msid:stream track
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=ssrc:3570614608 cname:4TOk42mSjXCkVIa6
        m=video 9 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:dYQx
        a=ice-pwd:Jk2m9PqR4sTuVwXyZ0aBcDeF
        a=ice-options:trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:actpass
        a=mid:1
        a=recvonly
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 nack pli
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=ice-ufrag:dYQx
        a=ice-pwd:Jk2m9PqR4sTuVwXyZ0aBcDeF
        a=ice-options:trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:actpass
        a=mid:2
        a=sctp-port:5000
        a=max-message-size:262144

        """;

    /// <summary>Chrome with <c>bundlePolicy: "max-bundle"</c>: the data channel's line is there for the bundle alone, and has no transport of its own.</summary>
    public const string ChromeMaxBundle =
        """
        v=0
        o=- 4962303333179871723 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:mbnd
        a=ice-pwd:Jk2m9PqR4sTuVwXyZ0aBcDeF
        a=ice-options:trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:actpass
        a=mid:0
        a=sendrecv
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        m=application 0 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=mid:1
        a=sctp-port:5000

        """;

    /// <summary>Firefox: the fingerprint and the options at the level of the session.</summary>
    public const string Firefox =
        """
        v=0
        o=mozilla...THIS_IS_SDPARTA-99.0 5534062017345013497 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=sendrecv
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=group:BUNDLE 0
        a=ice-options:trickle
        a=msid-semantic:WMS *
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=sendrecv
        a=ice-pwd:c9d0f6a2b1e84c7790aa3d5e6f718293
        a=ice-ufrag:2f6d81ab
        a=mid:0
        a=setup:actpass
        a=sctp-port:5000
        a=max-message-size:1073741823

        """;

    /// <summary>libdatachannel, and with it node-datachannel and VILLASnode: nearly all at the level of the session, options with a comma.</summary>
    public const string LibDataChannel =
        """
        v=0
        o=rtc 3125709338 0 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=group:LS 0
        a=msid-semantic:WMS *
        a=setup:actpass
        a=ice-ufrag:w9Zp
        a=ice-pwd:6cPq0XnKf2WbLr8TdYs4Ev
        a=ice-options:ice2,trickle
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        m=application 56112 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 192.0.2.17
        a=mid:0
        a=sendrecv
        a=sctp-port:5000
        a=max-message-size:262144
        a=candidate:1 1 UDP 2122317823 192.0.2.17 56112 typ host
        a=candidate:2 1 UDP 1686109951 203.0.113.9 33011 typ srflx raddr 0.0.0.0 rport 0
        a=end-of-candidates

        """;

    /// <summary>pion, as an answer with all its candidates, of which those of the second component are for nobody.</summary>
    public const string PionAnswer =
        """
        v=0
        o=- 7303498121876451263 1700000000 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=msid-semantic:WMS*
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=extmap-allow-mixed
        a=group:BUNDLE 0
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=setup:active
        a=mid:0
        a=sendrecv
        a=sctp-port:5000
        a=max-message-size:1073741823
        a=ice-ufrag:pIoNpIoNpIoNpIoN
        a=ice-pwd:AbCdEfGhIjKlMnOpQrStUvWxYz012345
        a=candidate:2264380187 1 udp 2130706431 192.0.2.33 41001 typ host
        a=candidate:2264380187 2 udp 2130706431 192.0.2.33 41001 typ host
        a=end-of-candidates

        """;

    /// <summary>What browsers offered before RFC 8841: the port of SCTP in the line, and what it carries in an attribute.</summary>
    public const string OldSctp =
        """
        v=0
        o=- 1 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE data
        m=application 9 DTLS/SCTP 5000
        c=IN IP4 0.0.0.0
        a=ice-ufrag:olds
        a=ice-pwd:hN3vT0b1kXyZ9rUq2wEoL7Vd
        a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
        a=setup:active
        a=mid:data
        a=sctpmap:5000 webrtc-datachannel 1024

        """;
}
