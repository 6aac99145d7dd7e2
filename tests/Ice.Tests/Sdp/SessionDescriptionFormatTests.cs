using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;
using Xunit;
using static Stack.Ice.Tests.SessionDescriptionExamples;

namespace Stack.Ice.Tests;

public sealed class SessionDescriptionFormatTests
{
    private static readonly IceParameters Parameters = new()
    {
        Credentials = new IceCredentials("8hhY", Password),
        SupportsIce2 = true,
        Trickles = true,
        Pacing = TimeSpan.FromMilliseconds(50),
    };

    private static readonly IceMediaDescription Medium = new()
    {
        Mid = "0",
        Candidates = [CandidateAttributeTests.Host],
    };

    [Fact]
    public void Format_Offer_IsOneForm() => Assert.Equal(
        """
        v=0
        o=- 0 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=ice-pacing:50
        a=ice-options:ice2 trickle
        a=ice-ufrag:8hhY
        a=ice-pwd:asd88fgpdd777uzjYhagZg
        m=application 5000 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 192.0.2.1
        a=mid:0
        a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host

        """.ReplaceLineEndings("\r\n"),
        IceSessionDescription.Create(Parameters, [Medium.WithDefault()]).Format());

    [Fact]
    public void Format_EverythingThereIs_IsReadBackAsEqual()
    {
        IceMediaDescription[] media =
        [
            Medium with { Default = default, DefaultHost = "peer.example.org", DefaultHostPort = 7 },
            new IceMediaDescription
            {
                Media = "audio",
                Protocol = "TCP/RTP/AVP",
                Formats = "0 8",
                Mid = "a",
                Default = CandidateAttributeTests.Address("[2001:db8::1]:1"),
                RtcpDefault = CandidateAttributeTests.Address("192.0.2.9:2"),
                MultiplexesRtcp = true,
                Credentials = new IceCredentials(new string('a', 32), new string('b', 256)),
                Options = ["x", "y+"],
                Attributes = ["setup:actpass", "sendrecv", "x:", "fmtp:0 a=b;c"],
                EndOfCandidates = true,
                RemoteCandidates = [new(2, CandidateAttributeTests.Address("[::1]:3")), new(1, CandidateAttributeTests.Address("192.0.2.1:4"))],
            },
            new IceMediaDescription { IsMismatch = true },
            new IceMediaDescription { Default = CandidateAttributeTests.Address("0.0.0.0:0") },
        ];
        IceSessionDescription description = IceSessionDescription.Create(Parameters, media);
        description = description with { Origin = "me 1 2 IN IP4 192.0.2.1", EndOfCandidates = true, Attributes = ["group:BUNDLE a"] };
        string text = description.Format();
        IceSessionDescription read = SessionDescriptionExamples.Parse(text);
        Assert.Equal(description, read);
        Assert.Equal(description.GetHashCode(), read.GetHashCode());
        Assert.NotEqual(description, read with { Origin = "x" });
        Assert.Equal(text, read.Format());
    }

    [Fact]
    public void Format_DescriptionsOfOthers_AreReadBackAsEqual()
    {
        foreach (string text in (string[])[Rfc8839Offer, BrowserOffer])
        {
            IceSessionDescription description = SessionDescriptionExamples.Parse(text);
            Assert.Equal(description, SessionDescriptionExamples.Parse(description.Format()));
        }
    }

    [Fact]
    public void Format_RandomCandidates_AreReadBackAsEqual()
    {
        var random = new SeededRandom(11);
        for (int i = 0; i < 1000; i++)
        {
            IceSessionDescription description = IceSessionDescription.Create(
                Parameters,
                [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Draw(random))]);
            Assert.Equal(description, SessionDescriptionExamples.Parse(description.Format()));
        }

        static IceMediaDescription Draw(SeededRandom random) => new IceMediaDescription
        {
            Protocol = random.Chance(0.5) ? "TCP/DTLS/SCTP" : "UDP/DTLS/SCTP",
            MultiplexesRtcp = random.Chance(0.5),
            Candidates = [.. Enumerable.Range(0, random.Next(10)).Select(_ => CandidateSketch.Draw(random))],
        }.WithDefault();
    }

    [Fact]
    public void Create_LiteImplementation_SaysSoAndProposesNoPacing()
    {
        string text = IceSessionDescription.Create(Parameters with { IsLite = true }, [Medium]).Format();
        Assert.Contains("\r\na=ice-lite\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ice-pacing", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ice-lite", IceSessionDescription.Create(Parameters, [Medium]).Format(), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_WhatMustNotBeWritten_IsTheCallersMistake()
    {
        IceSessionDescription good = IceSessionDescription.Create(Parameters, [Medium]);
        IceSessionDescription[] wrong =
        [
            good with { Credentials = new IceCredentials(new string('a', 33), Password) },
            good with { IsLite = true },
            good with { Pacing = TimeSpan.FromMicroseconds(1500) },
            good with { Pacing = TimeSpan.FromMilliseconds(-1) },
            good with { Pacing = TimeSpan.FromMilliseconds(10_000_000_000) },
            good with { Origin = "" },
            good with { Origin = "x\r\na=ice-lite" },
            good with { Options = ["a b"] },
            good with { Options = [""] },
            good with { Attributes = [""] },
            good with { Attributes = [":x"] },
            good with { Attributes = ["x y"] },
            good with { Attributes = ["x:y\r\na=ice-lite"] },
            good with { Attributes = ["ice-lite"] },
            good with { Attributes = ["Mid:0"] },
            With(Medium with { Attributes = ["x\0"] }),
            With(Medium with { Attributes = ["candidate:1 1 UDP 1 192.0.2.1 1 typ host"] }),
            good with { Media = [] },
            good with { Media = [.. Enumerable.Repeat(new IceMediaDescription(), 129)] },
            good with { Media = [Medium, Medium] },
            good with { Media = [Medium with { Candidates = [.. Enumerable.Repeat(CandidateAttributeTests.Host, 101)] }] },
            good with { Media = [Medium with { Credentials = new IceCredentials("8hhY", new string('x', 22)) }] },
            With(Medium with { IsMismatch = true }),
            With(Medium with { Default = CandidateAttributeTests.Address("0.0.0.0:0") }),
            With(Medium with { Default = default }),
            With(Medium with { DefaultHostPort = 1 }),
            With(Medium with { Default = default, DefaultHost = "127.1", DefaultHostPort = 1 }),
            With(Medium with { Default = default, DefaultHost = "peer.example.org", DefaultHostPort = 65536 }),
            With(Medium with { Mid = "a b" }),
            With(Medium with { Media = "a b" }),
            With(Medium with { Protocol = "" }),
            With(Medium with { Formats = "0\r\na=ice-lite" }),
            With(Medium with { RtcpDefault = default(TransportAddress) }),
            With(Medium with { RemoteCandidates = [new(0, CandidateAttributeTests.Address("192.0.2.1:4"))] }),
            With(Medium with { RemoteCandidates = [new(1, default)] }),
            With(Medium with { RemoteCandidates = [.. Enumerable.Repeat(new IceRemoteCandidate(1, CandidateAttributeTests.Address("192.0.2.1:4")), 2)] }),
            With(Medium with { Candidates = [CandidateAttributeTests.Host with { ComponentId = 0 }] }),
        ];
        Assert.True(good.TryFormat(out _));
        Assert.All(wrong, static description =>
        {
            Assert.Throws<InvalidOperationException>(description.Format);
            Assert.False(description.TryFormat(out string? text));
            Assert.Null(text);
        });

        IceSessionDescription With(IceMediaDescription medium) => good with { Media = [medium] };
    }

    [Fact]
    public void WithDefault_PrefersRelayedThenReflexive_OfTheProtocol()
    {
        Candidate host = CandidateAttributeTests.Host;
        Candidate reflexive = host with { Type = CandidateType.ServerReflexive, Priority = 2, Address = CandidateAttributeTests.Address("203.0.113.1:2") };
        Candidate relayed = host with { Type = CandidateType.Relayed, Priority = 1, Address = CandidateAttributeTests.Address("198.51.100.1:3") };
        Candidate tcp = host with { Transport = CandidateTransport.Tcp, TcpType = TcpCandidateType.Passive };
        Candidate rtcp = host with { ComponentId = 2, Address = CandidateAttributeTests.Address("192.0.2.1:5001") };
        Candidate named = host with { Address = default, HostName = "x.local", HostPort = 4 };
        Assert.Equal("198.51.100.1:3", Default(host, reflexive, relayed));
        Assert.Equal("203.0.113.1:2", Default(host, reflexive));
        Assert.Equal("192.0.2.1:5000", Default(host with { Priority = 1, Address = CandidateAttributeTests.Address("192.0.2.8:1") }, host, tcp));
        Assert.Equal("0.0.0.0:9", Default(tcp, named, rtcp));
        Assert.Equal(rtcp.Address, (Medium with { Candidates = [host, rtcp] }).WithDefault().RtcpDefault);
        Assert.Null((Medium with { Candidates = [host, rtcp], MultiplexesRtcp = true }).WithDefault().RtcpDefault);

        static string Default(params IReadOnlyList<Candidate> candidates)
        {
            IceMediaDescription medium = (Medium with { Candidates = candidates }).WithDefault();
            Assert.False(medium.HasMismatch);
            return medium.Default.ToString();
        }
    }
}
