using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Lines that are no candidates, or none that we can use: the line, the status, and where the field starts that is at fault.</summary>
public sealed class CandidateAttributeTableTests
{
    public static TheoryData<string, CandidateAttributeStatus, int> Lines => new()
    {
        // Nothing, or too little.
        { "", CandidateAttributeStatus.Incomplete, 0 },
        { "candidate:", CandidateAttributeStatus.Incomplete, 10 },
        { "a=candidate:", CandidateAttributeStatus.Incomplete, 12 },
        { " ", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "        ", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "candidate: 1", CandidateAttributeStatus.MalformedFoundation, 10 },
        { "1", CandidateAttributeStatus.Incomplete, 1 },
        { "1 1", CandidateAttributeStatus.Incomplete, 3 },
        { "1 1 UDP", CandidateAttributeStatus.Incomplete, 7 },
        { "1 1 UDP 1", CandidateAttributeStatus.Incomplete, 9 },
        { "1 1 UDP 1 192.0.2.1", CandidateAttributeStatus.Incomplete, 19 },
        { "1 1 UDP 1 192.0.2.1 5000", CandidateAttributeStatus.Incomplete, 24 },
        { "1 1 UDP 1 192.0.2.1 5000 typ", CandidateAttributeStatus.Incomplete, 28 },

        // The prefix.
        { "b=candidate:1 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "a=1 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "candidate:candidate:1 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 10 },

        // Foundation.
        { "a-b 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "123456789012345678901234567890123 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "\u00E9 1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },
        { "1\t1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedFoundation, 0 },

        // Component.
        { "1 0 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 257 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 -1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 +1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 0001 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 1e1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 0x1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1  1 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 \u0661 UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },
        { "1 RTP UDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedComponent, 2 },

        // Transport.
        { "1 1 u d p 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.UnknownTransport, 4 },
        { "1 1 sctp 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.UnknownTransport, 4 },
        { "1 1 ssltcp 1 192.0.2.1 443 typ host", CandidateAttributeStatus.UnknownTransport, 4 },
        { "1 1 TCP-ACT 1 192.0.2.1 9 typ host", CandidateAttributeStatus.UnknownTransport, 4 },
        { "1 1 UDP, 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedTransport, 4 },
        { "1 1 \u00DCDP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedTransport, 4 },

        // Priority.
        { "1 1 UDP 0 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },
        { "1 1 UDP 2147483648 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },
        { "1 1 UDP 00000000001 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },
        { "1 1 UDP -1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },
        { "1 1 UDP 1.5 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },
        { "1 1 UDP 99999999999999999999 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedPriority, 8 },

        // Address.
        { "1 1 UDP 1 127.1 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 010.0.0.1 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 0x7f.0.0.1 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 192.0.2.256 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 192.0.2 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 3221225985 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 [2001:db8::1] 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 2001:db8::1::2 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 200a0b:12f0::1 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 192.0.2.1%1 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 a_b.local 5000 typ host", CandidateAttributeStatus.MalformedAddress, 10 },
        { "1 1 UDP 1 fe80::1%eth0 5000 typ host", CandidateAttributeStatus.UnsupportedAddress, 10 },
        { "1 1 UDP 1 fe80::1%2 5000 typ host", CandidateAttributeStatus.UnsupportedAddress, 10 },
        { "1 1 UDP 1 peer.example.org 5000 typ host", CandidateAttributeStatus.UnsupportedAddress, 10 },
        { "1 1 UDP 1 a.b.local 5000 typ host", CandidateAttributeStatus.UnsupportedAddress, 10 },
        { "1 1 UDP 1 localhost 5000 typ host", CandidateAttributeStatus.UnsupportedAddress, 10 },

        // Port.
        { "1 1 UDP 1 192.0.2.1 0 typ host", CandidateAttributeStatus.MalformedPort, 20 },
        { "1 1 UDP 1 192.0.2.1 65536 typ host", CandidateAttributeStatus.MalformedPort, 20 },
        { "1 1 UDP 1 192.0.2.1 99999999999999999999 typ host", CandidateAttributeStatus.MalformedPort, 20 },
        { "1 1 UDP 1 192.0.2.1 -5 typ host", CandidateAttributeStatus.MalformedPort, 20 },
        { "1 1 TCP 1 192.0.2.1 0 typ host tcptype passive", CandidateAttributeStatus.MalformedPort, 20 },

        // Type.
        { "1 1 UDP 1 192.0.2.1 5000 host", CandidateAttributeStatus.MalformedType, 25 },
        { "1 1 UDP 1 192.0.2.1 5000 typ  host", CandidateAttributeStatus.MalformedType, 29 },
        { "1 1 UDP 1 192.0.2.1 5000 typ token", CandidateAttributeStatus.UnknownType, 29 },
        { "1 1 UDP 1 192.0.2.1 5000 typ ho\"st", CandidateAttributeStatus.MalformedType, 29 },
        { "1 1 UDP 1 192.0.2.1 5000 typ ho\u017Ft", CandidateAttributeStatus.MalformedType, 29 },

        // Related address and port.
        { "1 1 UDP 1 192.0.2.1 5000 typ srflx raddr ", CandidateAttributeStatus.MalformedRelatedAddress, 41 },
        { "1 1 UDP 1 192.0.2.1 5000 typ srflx raddr", CandidateAttributeStatus.MalformedExtension, 35 },
        { "1 1 UDP 1 192.0.2.1 5000 typ srflx raddr 10.0.0.1 rport 65536", CandidateAttributeStatus.MalformedRelatedAddress, 56 },
        { "1 1 UDP 1 192.0.2.1 5000 typ srflx raddr 10.0.0.1 rport x", CandidateAttributeStatus.MalformedRelatedAddress, 56 },
        { "1 1 UDP 1 192.0.2.1 5000 typ srflx raddr \u00E9 rport 1", CandidateAttributeStatus.MalformedRelatedAddress, 41 },

        // The side of a TCP candidate.
        { "1 1 TCP 1 192.0.2.1 5000 typ host", CandidateAttributeStatus.MalformedTcpType, 33 },
        { "1 1 TCP 1 192.0.2.1 5000 typ host generation 0", CandidateAttributeStatus.MalformedTcpType, 46 },
        { "1 1 TCP 1 192.0.2.1 5000 typ host tcptype actpass", CandidateAttributeStatus.MalformedTcpType, 42 },
        { "1 1 TCP 1 192.0.2.1 5000 typ host tcptype so tcptype so", CandidateAttributeStatus.MalformedTcpType, 45 },

        // Extensions.
        { "1 1 UDP 1 192.0.2.1 5000 typ host ", CandidateAttributeStatus.MalformedExtension, 34 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host generation", CandidateAttributeStatus.MalformedExtension, 34 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host generation 0 ufrag", CandidateAttributeStatus.MalformedExtension, 47 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host gen:eration 0", CandidateAttributeStatus.MalformedExtension, 34 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host x \u00E9", CandidateAttributeStatus.MalformedExtension, 36 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host x y\r\n", CandidateAttributeStatus.MalformedExtension, 36 },
        { "1 1 UDP 1 192.0.2.1 5000 typ host\r\n", CandidateAttributeStatus.MalformedType, 29 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Parse_LineThatIsNoCandidate_GivesStatusAndPosition(string line, CandidateAttributeStatus status, int position)
    {
        using var thrown = new FirstChanceExceptions();
        CandidateAttributeStatus actual = CandidateAttribute.Parse(line, out Candidate? candidate, out int where);
        Assert.Equal((status, position), (actual, where));
        Assert.Null(candidate);
        Assert.Equal(0, thrown.Total);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Parse_EveryPrefixOfALine_DoesNotThrow(string line, CandidateAttributeStatus status, int position)
    {
        Assert.NotEqual(CandidateAttributeStatus.Ok, status);
        using var thrown = new FirstChanceExceptions();
        for (int length = 0; length <= line.Length; length++)
        {
            // An array of exactly the size: a read behind the end would throw.
            CandidateAttribute.Parse(line[..length].ToCharArray(), out _, out int where);
            Assert.InRange(where, 0, length);
        }

        Assert.InRange(position, 0, line.Length);
        Assert.Equal(0, thrown.Total);
    }

    [Theory]
    [InlineData(CandidateAttribute.MaxLength + 1)]
    [InlineData(8 * 1024)]
    [InlineData(1024 * 1024)]
    public void Parse_LineAboveOneKibibyte_IsTooLong(int length)
    {
        const string Start = "1 1 UDP 1 192.0.2.1 5000 typ host x ";
        string line = Start + new string('y', length - Start.Length);
        Assert.Equal(CandidateAttributeStatus.TooLong, CandidateAttribute.Parse(line, out _, out int position));
        Assert.Equal(CandidateAttribute.MaxLength, position);
        Assert.Equal(CandidateAttributeStatus.Ok, CandidateAttribute.Parse(line.AsSpan(0, CandidateAttribute.MaxLength), out _, out _));
    }
}
