using System;
using System.Linq;
using Stack.Ice;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class IceSignalTests
{
    private const string Line = "candidate:1 1 udp 2130706431 192.0.2.1 8998 typ host";
    private const string Password = "asd88fgpdd777uzjYhagZg";

    [Fact]
    public void Description_OfTheCommandLine_IsRead()
    {
        IceSignal signal = IceSignal.Parse($$"""{"ufrag":"8hhY","pwd":"{{Password}}","candidates":["{{Line}}","a={{Line}}","1 1 udp 2130706431 192.0.2.1 8998 typ host"]}""");
        Assert.Equal((IceSignalKind.Description, "8hhY", 3), (signal.Kind, signal.UsernameFragment, signal.Candidates.Count));
        Assert.False(signal.Parameters!.Trickles);
        Assert.Equal(signal.Candidates[0], signal.Candidates[1]);
    }

    [Theory]
    [InlineData("""{"candidate":"CANDIDATE","stream":1,"ufrag":"8hhY"}""", 1)]
    [InlineData("""{"candidate":"CANDIDATE","sdpMid":"audio","sdpMLineIndex":1,"usernameFragment":"8hhY"}""", 1)]
    [InlineData("""{"candidate":"CANDIDATE","sdpMid":"0","sdpMLineIndex":null,"usernameFragment":"8hhY"}""", 0)]
    public void Candidate_OwnAndBrowserNames_IsRead(string json, int stream)
    {
        IceSignal signal = IceSignal.Parse(json.Replace("CANDIDATE", Line, StringComparison.Ordinal));
        Assert.Equal((IceSignalKind.Candidate, stream, "8hhY"), (signal.Kind, signal.Candidates[0].Stream, signal.UsernameFragment));
    }

    [Fact]
    public void EveryKind_WrittenAndRead_IsTheSame()
    {
        var parameters = new IceParameters
        {
            Credentials = new IceCredentials("8h+/", Password),
            SupportsIce2 = true,
            Trickles = true,
            IsLite = true,
            Pacing = TimeSpan.FromMilliseconds(20),
        };
        Assert.True(CandidateAttribute.TryParse(Line, out Candidate? candidate));
        IceSignal[] signals =
        [
            IceSignal.FromParameters(parameters),
            IceSignal.FromCandidate(candidate, 2, "8h+/"),
            IceSignal.EndOfCandidates("8h+/"),
            IceSignal.Describe(parameters, [new(0, candidate), new(1, candidate)]),
        ];
        foreach (IceSignal signal in signals)
        {
            string json = signal.ToJson();
            IceSignal read = IceSignal.Parse(json);
            Assert.Equal(json, read.ToJson());
            Assert.Equal((signal.Kind, signal.UsernameFragment, signal.Parameters), (read.Kind, read.UsernameFragment, read.Parameters));
            Assert.Equal(signal.Candidates.AsEnumerable(), read.Candidates);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"candidate":5}""")]
    [InlineData("""{"candidate":"candidate:x"}""")]
    [InlineData("""{"candidate":"","ufrag":"a b c"}""")]
    [InlineData("""{"candidate":"","candidate":""}""")]
    [InlineData("""{"candidate":"candidate:1 1 udp 2130706431 192.0.2.1 8998 typ host","stream":16}""")]
    [InlineData("""{"candidate":"candidate:1 1 udp 2130706431 192.0.2.1 8998 typ host","stream":"0"}""")]
    [InlineData("""{"ufrag":"abc","pwd":"asd88fgpdd777uzjYhagZg"}""")]
    [InlineData("""{"ufrag":"abcd","pwd":"short"}""")]
    [InlineData("""{"ufrag":"abcd","pwd":"asd88fgpdd777uzjYhagZg","candidates":{}}""")]
    [InlineData("""{"ufrag":"abcd","pwd":"asd88fgpdd777uzjYhagZg","candidates":[1]}""")]
    [InlineData("""{"ufrag":"abcd","pwd":"asd88fgpdd777uzjYhagZg","pacing":-1}""")]
    [InlineData("""{"a":[[[[[[1]]]]]]}""")]
    [InlineData("""{"candidate":"\ud800"}""")]
    public void Parse_WhatIsNoSignal_SaysWhy(string json)
    {
        Assert.False(IceSignal.TryParse(json, out _, out string? problem));
        Assert.NotEmpty(problem);
        Assert.Equal(problem, Assert.Throws<FormatException>(() => IceSignal.Parse(json)).Message);
    }

    [Fact]
    public void Parse_MoreThan64KiB_IsRefused()
        => Assert.False(IceSignal.TryParse($$"""{"candidate":"{{new string(' ', 70_000)}}"}""", out _, out _));

    [Fact]
    public void Parse_UnknownCandidateInDescription_KeepsTheOthers()
    {
        IceSignal signal = IceSignal.Parse(
            $$"""{"ufrag":"8hhY","pwd":"{{Password}}","candidates":["candidate:x","{{Line}}","candidate:1 1 sctp 1 192.0.2.1 1 typ host"]}""");
        Assert.Single(signal.Candidates);
        Assert.Equal(
            [new(1, "candidate:x".Length, CandidateAttributeStatus.Incomplete), new(3, "candidate:1 1 ".Length, CandidateAttributeStatus.UnknownTransport)],
            signal.RefusedCandidates);
    }

    [Fact]
    public void Parse_ManyUnknownCandidates_KeepsTheFirst100Refusals()
    {
        string bad = string.Join(',', Enumerable.Repeat("\"\"", 10_000));
        IceSignal signal = IceSignal.Parse($$"""{"ufrag":"8hhY","pwd":"{{Password}}","candidates":[{{bad}},"{{Line}}"]}""");
        Assert.Equal((100, 1), (signal.RefusedCandidates.Count, signal.Candidates.Count));
    }
}
