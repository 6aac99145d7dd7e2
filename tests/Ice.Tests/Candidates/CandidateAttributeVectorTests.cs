using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Lines that the RFCs print, and lines as other agents print them.</summary>
public sealed class CandidateAttributeVectorTests
{
    public static TheoryData<string> RfcLines
    {
        get
        {
            var lines = new TheoryData<string>();
            foreach (JsonElement line in Vectors().Where(static line => !line.GetProperty("template").GetBoolean()))
            {
                lines.Add(line.GetRawText());
            }

            return lines;
        }
    }

    // Line as printed, and what it is in our form.
    public static TheoryData<string, string> AgentLines => new()
    {
        // libwebrtc: lower case, generation, ufrag, network numbers.
        {
            "candidate:842163049 1 udp 1677729535 203.0.113.7 58779 typ srflx raddr 10.0.0.5 rport 58779 generation 0 ufrag EsAw network-id 1 network-cost 10",
            "candidate:842163049 1 UDP 1677729535 203.0.113.7 58779 typ srflx raddr 10.0.0.5 rport 58779 generation 0 ufrag EsAw network-id 1 network-cost 10"
        },
        {
            "candidate:3885250869 1 udp 2122260223 3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local 49152 typ host generation 0 ufrag 7Xk2 network-cost 999",
            "candidate:3885250869 1 UDP 2122260223 3f9bd0bf-2f3c-4c4c-9d0e-6b1a3a6a2a11.local 49152 typ host generation 0 ufrag 7Xk2 network-cost 999"
        },
        {
            "candidate:1019683475 1 tcp 1518280447 10.0.0.5 9 typ host tcptype active generation 0 ufrag EsAw network-id 1",
            "candidate:1019683475 1 TCP 1518280447 10.0.0.5 9 typ host tcptype active generation 0 ufrag EsAw network-id 1"
        },
        {
            "candidate:2157334355 1 udp 33562367 198.51.100.9 64321 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag EsAw network-cost 50",
            "candidate:2157334355 1 UDP 33562367 198.51.100.9 64321 typ relay raddr 0.0.0.0 rport 9 generation 0 ufrag EsAw network-cost 50"
        },

        // Firefox.
        {
            "candidate:0 1 UDP 2122252543 192.168.1.20 60114 typ host",
            "candidate:0 1 UDP 2122252543 192.168.1.20 60114 typ host"
        },
        {
            "candidate:2 1 TCP 2105524479 192.168.1.20 9 typ host tcptype active",
            "candidate:2 1 TCP 2105524479 192.168.1.20 9 typ host tcptype active"
        },

        // libnice: upper case, TCP in three sides.
        {
            "a=candidate:6 1 TCP 1015021823 192.0.2.2 9 typ host tcptype active",
            "candidate:6 1 TCP 1015021823 192.0.2.2 9 typ host tcptype active"
        },
        {
            "a=candidate:7 1 TCP 1010827775 192.0.2.2 40611 typ host tcptype passive",
            "candidate:7 1 TCP 1010827775 192.0.2.2 40611 typ host tcptype passive"
        },
        {
            "candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host",
            "candidate:1 1 UDP 2114977791 192.0.2.2 46697 typ host"
        },

        // pion: two components of one host, port 0 of active TCP.
        {
            "2768829250 2 udp 2130706431 192.0.2.2 40203 typ host ufrag kKrPzyqvQNmVwXpF",
            "candidate:2768829250 2 UDP 2130706431 192.0.2.2 40203 typ host ufrag kKrPzyqvQNmVwXpF"
        },
        {
            "1052353102 1 tcp 2128609279 192.0.2.196 0 typ host tcptype active",
            "candidate:1052353102 1 TCP 2128609279 192.0.2.196 9 typ host tcptype active"
        },
        {
            "4207374051 1 udp 1685790463 203.0.113.15 50000 typ prflx raddr 10.0.75.1 rport 53634 generation 2 network-id 2 network-cost 10",
            "candidate:4207374051 1 UDP 1685790463 203.0.113.15 50000 typ prflx raddr 10.0.75.1 rport 53634 generation 2 network-id 2 network-cost 10"
        },

        // aioice: foundations that are hashes in hexadecimal, relayed without generation.
        {
            "d8a3c1b2e5f60718293a4b5c6d7e8f90 1 udp 2130706431 2001:db8::5 52011 typ host",
            "candidate:d8a3c1b2e5f60718293a4b5c6d7e8f90 1 UDP 2130706431 2001:db8::5 52011 typ host"
        },
        {
            "0b9d4a6ec5a2f0f2b7aa9d0d1a5c7ad1 1 udp 16777215 198.51.100.9 49152 typ relay raddr 203.0.113.7 rport 50011",
            "candidate:0b9d4a6ec5a2f0f2b7aa9d0d1a5c7ad1 1 UDP 16777215 198.51.100.9 49152 typ relay raddr 203.0.113.7 rport 50011"
        },

        // libjuice and libdatachannel.
        {
            "a=candidate:3 1 UDP 1678769919 2001:db8:1::7 51712 typ srflx raddr :: rport 0",
            "candidate:3 1 UDP 1678769919 2001:db8:1::7 51712 typ srflx raddr :: rport 9"
        },

        // pjnath.
        {
            "a=candidate:Hc0a80164 1 UDP 2130706431 192.168.1.100 4000 typ host",
            "candidate:Hc0a80164 1 UDP 2130706431 192.168.1.100 4000 typ host"
        },
    };

    [Theory]
    [MemberData(nameof(RfcLines))]
    public void Parse_LineOfAnRfc_GivesItsFields(string json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement vector = document.RootElement;
        JsonElement fields = vector.GetProperty("parsed");
        string line = vector.GetProperty("text").GetString()!;
        CandidateAttributeStatus status = CandidateAttribute.Parse(line, out Candidate? candidate, out _);
        if (!fields.GetProperty("address_is_valid").GetBoolean())
        {
            Assert.Equal(CandidateAttributeStatus.MalformedAddress, status);
            return;
        }

        Assert.Equal(CandidateAttributeStatus.Ok, status);
        Assert.Equal(fields.GetProperty("foundation").GetString(), candidate!.Foundation);
        Assert.Equal(fields.GetProperty("component").GetInt32(), candidate.ComponentId);
        Assert.Equal(fields.GetProperty("transport").GetString()!.ToUpperInvariant(), candidate.Transport.ToString().ToUpperInvariant());
        Assert.Equal(fields.GetProperty("priority").GetUInt32(), candidate.Priority);
        Assert.Equal(fields.GetProperty("port").GetInt32(), candidate.Address.Port);
        Assert.Equal(fields.GetProperty("address").GetString(), candidate.Address.ToIPAddress().ToString());
        string? related = fields.GetProperty("raddr").GetString();
        Assert.Equal(related is null or "0.0.0.0" ? null : related, candidate.RelatedAddress?.ToIPAddress().ToString());
        Assert.Equal(related is null or "0.0.0.0" ? null : fields.GetProperty("rport").GetInt32(), candidate.RelatedAddress?.Port);
        string type = fields.GetProperty("type").GetString()!;
        Assert.Contains(" typ " + type, CandidateAttribute.Format(candidate), StringComparison.Ordinal);
        if (related != "0.0.0.0")
        {
            Assert.Equal(line, "a=" + CandidateAttribute.Format(candidate), ignoreCase: true);
        }
    }

    [Theory]
    [MemberData(nameof(AgentLines))]
    public void Parse_LineOfAnotherAgent_IsWrittenInOurForm(string line, string ours)
    {
        Candidate candidate = CandidateAttributeTests.Parse(line);
        Assert.Equal(ours, CandidateAttribute.Format(candidate));
        Assert.Equal(candidate, CandidateAttributeTests.Parse(ours));
    }

    private static List<JsonElement> Vectors()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(RfcVectors.Folder, "misc", "ice-candidate-lines.json")));
        return [.. document.RootElement.Clone().GetProperty("lines").EnumerateArray()];
    }
}
