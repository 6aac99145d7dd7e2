using System;
using System.Linq;
using Xunit;
using static Stack.Ice.Tests.SessionDescriptionExamples;

namespace Stack.Ice.Tests;

/// <summary>application/trickle-ice-sdpfrag (RFC 8840 section 9).</summary>
public sealed class SessionDescriptionFragmentTests
{
    [Fact]
    public void ParseFragment_OfRfc8840_GivesCandidatesByTag()
    {
        IceSessionDescription fragment = ParseFragment(Fragment);
        Assert.Equal(new IceCredentials("8hhY", Password), fragment.Credentials);
        Assert.Equal(["1", "2"], fragment.Media.Select(static medium => medium.Mid));
        Assert.Equal([2, 1], fragment.Media.Select(static medium => medium.Candidates.Count));
        Assert.Equal([false, true], Enumerable.Range(0, 2).Select(fragment.EndsCandidatesOf));
    }

    [Fact]
    public void FormatFragment_OfAFragment_IsTheSameText()
    {
        IceSessionDescription fragment = ParseFragment(Fragment);
        Assert.Equal(fragment, ParseFragment(fragment.FormatFragment()));
        Assert.Equal(
            """
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            m=audio 9 RTP/AVP 0
            a=mid:1
            a=candidate:1 1 UDP 2130706432 2001:db8:a0b:12f0::1 5000 typ host
            a=candidate:1 2 UDP 2130706432 2001:db8:a0b:12f0::1 5001 typ host
            m=audio 9 RTP/AVP 0
            a=mid:2
            a=candidate:1 1 UDP 2130706431 192.0.2.1 6010 typ host
            a=end-of-candidates

            """.ReplaceLineEndings("\r\n"),
            fragment.FormatFragment());
    }

    [Fact]
    public void ParseFragment_EndOfTheWholeSession_NeedsNoMedia()
    {
        IceSessionDescription fragment = ParseFragment(Credentials() + "a=end-of-candidates\r\n");
        Assert.True(fragment.EndOfCandidates);
        Assert.Empty(fragment.Media);
        Assert.Equal(fragment, ParseFragment(fragment.FormatFragment()));
    }

    // RFC 8840 section 4.4: what else stands in a pseudo m= line is ignored.
    [Fact]
    public void ParseFragment_PortOfAPseudoLine_MeansNothing()
    {
        IceSessionDescription fragment = ParseFragment(Credentials() + "m=audio 0 RTP/AVP 0\r\na=mid:1\r\na=candidate:1 1 UDP 1 192.0.2.1 1 typ host\r\n");
        Assert.Equal(IceSupport.Supported, fragment.SupportOf(0));
        Assert.Single(fragment.Media[0].Candidates);
    }

    [Fact]
    public void ParseFragment_UnknownLines_AreIgnored()
        => Assert.Single(ParseFragment("a=group:BUNDLE 1\r\na=foo:bar\r\n" + Credentials() + "m=audio 9 RTP/AVP 0\r\na=mid:1\r\na=rtcp-mux-only\r\na=x\r\n").Media);

    [Theory]
    [InlineData("m=audio 9 RTP/AVP 0\r\na=mid:1\r\n", IceDescriptionStatus.MissingCredentials)]
    [InlineData("a=ice-ufrag:8hhY\r\nm=audio 9 RTP/AVP 0\r\na=mid:1\r\n", IceDescriptionStatus.MissingPassword)]
    [InlineData("a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 9 RTP/AVP 0\r\n", IceDescriptionStatus.MissingMid)]
    [InlineData("candidate:1 1 UDP 1 192.0.2.1 1 typ host", IceDescriptionStatus.MalformedLine)]
    public void ParseFragment_WhatNobodyCouldAssign_IsRefused(string text, IceDescriptionStatus status)
        => Assert.Equal(status, IceSessionDescription.ParseFragment(text, out _, out _));

    [Fact]
    public void FormatFragment_WithoutTagOrCredentials_IsTheCallersMistake()
    {
        var description = new IceSessionDescription { Media = [new IceMediaDescription { Mid = "0" }] };
        Assert.Throws<InvalidOperationException>(description.FormatFragment);
        description = description with { Credentials = new IceCredentials("8hhY", Password) };
        Assert.NotEmpty(description.FormatFragment());
        Assert.Throws<InvalidOperationException>((description with { Media = [new IceMediaDescription()] }).FormatFragment);
    }

    private static IceSessionDescription ParseFragment(string text)
    {
        IceDescriptionStatus status = IceSessionDescription.ParseFragment(text, out IceSessionDescription? fragment, out IceDescriptionFault fault);
        Assert.True(status == IceDescriptionStatus.Ok, $"{status} {fault}");
        return fragment!;
    }
}
