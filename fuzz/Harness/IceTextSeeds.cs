using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Stack.Fuzz;

/// <summary>The seeds of corpora/candidate and corpora/description: each form and each edge, with telling names.</summary>
public static class IceTextSeeds
{
    private const string Host = "candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host";
    private const string Credentials = "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n";
    private const string Start = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    private const string Media = "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n";

    /// <summary>Candidate lines.</summary>
    public static IReadOnlyDictionary<string, byte[]> Candidates() => Encode(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["host"] = Host,
        ["host-bare"] = Host["candidate:".Length..],
        ["host-attribute"] = "a=" + Host,
        ["host-ipv6"] = "candidate:1 2 UDP 2130706430 2001:db8::1 5001 typ host",
        ["host-mdns"] = "candidate:3885250869 1 udp 2122260223 3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local 49152 typ host generation 0 network-cost 999",
        ["host-name"] = "candidate:1 1 UDP 1 peer.example.org 5000 typ host",
        ["host-zone"] = "candidate:1 1 UDP 1 fe80::1%eth0 5000 typ host",
        ["host-mapped"] = "candidate:1 1 UDP 1 ::ffff:192.0.2.1 5000 typ host",
        ["srflx"] = "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998",
        ["srflx-not-told"] = "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 0.0.0.0 rport 9",
        ["srflx-without-related"] = "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx generation 0",
        ["srflx-port-alone"] = "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx rport 8998",
        ["prflx"] = "candidate:4 256 UDP 2147483647 192.0.2.3 65535 typ prflx raddr 2001:db8::1 rport 0 generation 2",
        ["relay"] = "candidate:5 1 UDP 16777215 198.51.100.9 49152 typ relay raddr 203.0.113.7 rport 50011 generation 0 ufrag EsAw network-id 1",
        ["tcp-active"] = "candidate:6 1 TCP 2128609279 10.0.1.1 9 typ host tcptype active generation 0",
        ["tcp-active-port-0"] = "candidate:6 1 tcp 2128609279 10.0.1.1 0 typ host tcptype active",
        ["tcp-passive"] = "candidate:7 1 TCP 2124414975 10.0.1.1 8998 typ host tcptype passive",
        ["tcp-so"] = "candidate:8 1 TCP 1692401663 192.0.2.3 45687 typ srflx raddr 10.0.1.1 rport 8999 tcptype so",
        ["foundation-32"] = "candidate:abcdefghijklmnopqrstuvwxyz0123+/ 1 UDP 1 192.0.2.1 1 typ host",
        ["extensions-20"] = Host + string.Concat(Enumerable.Range(0, 20).Select(static i => $" x{i} y")),
        ["extensions-long"] = Host + " x " + new string('y', 900),
        ["extension-empty"] = Host + " x  y z",
        ["extension-odd"] = Host + " x",
        ["unknown-transport"] = "candidate:1 1 sctp 1 192.0.2.1 1 typ host",
        ["unknown-type"] = "candidate:1 1 UDP 1 192.0.2.1 1 typ new",
        ["empty"] = "",
        ["prefix"] = "candidate:",
    });

    /// <summary>Session descriptions and fragments.</summary>
    public static IReadOnlyDictionary<string, byte[]> Descriptions() => Encode(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["offer-rfc8839"] = """
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

            """,
        ["media-level"] = Start + Media + Credentials + "a=ice-options:trickle\r\na=mid:0\r\na=" + Host + "\r\na=end-of-candidates\r\n",
        ["two-media"] = Start + Credentials + Media + "a=mid:0\r\na=" + Host + "\r\n" + Media + "a=mid:1\r\n" + Credentials,
        ["lite"] = Start + "a=ice-lite\r\na=ice-options:ice2 trickle\r\n" + Credentials + Media + "a=" + Host + "\r\n",
        ["mismatch"] = Start + Credentials + Media + "a=ice-mismatch\r\n",
        ["name"] = Start + "c=IN IP4 peer.example.org\r\n" + Credentials + "m=audio 5000 RTP/AVP 0\r\n",
        ["unspecified"] = Start + Credentials + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP6 ::\r\n",
        ["rtcp"] = Start + Credentials + Media + "a=rtcp:5001\r\na=" + Host + "\r\na=candidate:1 2 UDP 2130706430 192.0.2.1 5001 typ host\r\n",
        ["rtcp-address"] = Start + Credentials + Media + "a=rtcp:5001 IN IP6 2001:db8::1\r\na=rtcp-mux\r\n",
        ["remote-candidates"] = Start + Credentials + Media + "a=remote-candidates:1 192.0.2.3 45664 2 2001:db8::3 45665\r\n",
        ["ignored-candidates"] = Start + Credentials + Media + "a=candidate:1 1 UDP 1 peer.example.org 5000 typ host\r\na=" + Host + "\r\n",
        ["candidates-30"] = Start + Credentials + Media + string.Concat(Enumerable.Repeat("a=" + Host + "\r\n", 30)),
        ["disabled"] = Start + Credentials + "m=audio 0 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n",
        ["tcp"] = Start + Credentials + "m=audio 9 TCP/RTP/AVP 0\r\nc=IN IP4 10.0.1.1\r\na=candidate:6 1 TCP 1 10.0.1.1 9 typ host tcptype active\r\n",
        ["no-ice"] = Start + Media,
        ["missing-password"] = Start + Media + "a=ice-ufrag:8hhY\r\n",
        ["line-ends-mixed"] = "v=0\n" + Media + "\r\n\n" + Credentials + "a=mid:0",
        ["long-fragment"] = Start + Media + "a=ice-ufrag:" + new string('a', 256) + "\r\na=ice-pwd:" + new string('b', 256) + "\r\n",
        ["fragment"] = Credentials + "m=audio 9 RTP/AVP 0\r\na=mid:1\r\na=" + Host + "\r\na=end-of-candidates\r\n",
        ["fragment-end"] = Credentials + "a=end-of-candidates\r\n",
        ["empty"] = "",
    });

    private static SortedDictionary<string, byte[]> Encode(Dictionary<string, string> texts)
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, string text) in texts)
        {
            seeds.Add(name, Encoding.Latin1.GetBytes(text));
        }

        return seeds;
    }
}
