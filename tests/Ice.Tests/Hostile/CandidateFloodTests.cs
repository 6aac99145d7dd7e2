using System;
using System.Linq;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Peers that signal what they should not: security.md section 5.5, I04, I06, I07, I23, I26.</summary>
public sealed class CandidateFloodTests
{
    // I04: the voice hammer of RFC 8445 section 19.5.1.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Remotes_AThousandOfOneVictim_AtMostEightPairsAndFiftySixPackets(bool byTheBook)
    {
        using Bench bench = new Bench(new IceAgentOptions { Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default }).Begin();
        for (int i = 0; i < 1000; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.9:{2000 + i}"), foundation: "f" + (i % 50)));
        }

        Assert.InRange(bench.Agent.Pairs.Count, 1, 8);
        bench.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(bench.Sent.Count, 8, 56);
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
    }

    // The same with many sockets of ours: pairs count, not candidates.
    [Fact]
    public void Remotes_OneVictimAndTenBases_AtMostEightPairs()
    {
        using Bench bench = new Bench().Begin();
        for (int i = 1; i < 10; i++)
        {
            bench.Add(i, Wire.Address($"192.0.2.{10 + i}:5000"));
        }

        for (int i = 0; i < 32; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.9:{2000 + i}")));
        }

        bench.Run(TimeSpan.FromMinutes(2));
        Assert.InRange(bench.Sent.Count, 8, 56);
    }

    // I06, I07.
    [Theory]
    [InlineData("0.0.0.0:5000")]
    [InlineData("[::]:5000")]
    [InlineData("224.0.0.1:5000")]
    [InlineData("239.255.255.250:1900")]
    [InlineData("255.255.255.255:5000")]
    [InlineData("240.0.0.1:5000")]
    [InlineData("0.1.2.3:5000")]
    [InlineData("[ff02::1]:5000")]
    [InlineData("[::ffff:10.0.0.1]:5000")]
    [InlineData("[::ffff:127.0.0.1]:5000")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("127.255.1.1:5000")]
    [InlineData("[::1]:5000")]
    [InlineData("[::10.0.0.1]:5000")]
    [InlineData("203.0.113.9:0")]
    [InlineData("203.0.113.9:22")]
    [InlineData("203.0.113.9:53")]
    [InlineData("203.0.113.9:1023")]
    [InlineData("203.0.113.9:5060")]
    [InlineData("203.0.113.9:5061")]
    public void Remote_OfAnAddressThatNobodyShouldBeSentTo_IsRefused(string address)
    {
        using Bench bench = new Bench().Begin();
        bench.Add(1, Wire.Address("[2001:db8::1]:5000"));
        Assert.Equal(RemoteCandidateStatus.RefusedAddress, bench.AddRemote(Bench.Remote(Wire.Address(address))));
        bench.Run(TimeSpan.FromSeconds(5));
        Assert.Empty(bench.Sent);
    }

    [Theory]
    [InlineData("203.0.113.9:80")]
    [InlineData("203.0.113.9:443")]
    [InlineData("10.0.0.1:1024")]
    [InlineData("169.254.1.1:5000")]
    public void Remote_OfAnOrdinaryAddress_IsAdded(string address)
    {
        using Bench bench = new Bench().Begin();
        Assert.Equal(RemoteCandidateStatus.Added, bench.AddRemote(Bench.Remote(Wire.Address(address))));
        Assert.Single(bench.Sent);
    }

    // The same addresses from a check are no way around the rule: what answers is on the way.
    [Theory]
    [InlineData(0u)]
    [InlineData(0x80000000u)]
    public void Remote_WithImpossiblePriority_IsRefused(uint priority)
    {
        using Bench bench = new Bench().Begin();
        Assert.Equal(RemoteCandidateStatus.RefusedAddress, bench.AddRemote(Bench.Remote(Bench.There, priority: priority)));
    }

    // I23.
    [Fact]
    public void Remote_AfterTheEnd_IsIgnored()
    {
        using Bench bench = new Bench().Begin();
        bench.Agent.EndRemoteCandidates(bench.Now);
        Assert.Equal(RemoteCandidateStatus.AfterEnd, bench.AddRemote(Bench.Remote(Bench.There)));
        Assert.Empty(bench.Agent.Pairs);
    }

    // I23.
    [Fact]
    public void Remotes_BeforeTheCredentials_WaitUpToThirtyTwo()
    {
        using var bench = new Bench();
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(
                i < 32 ? RemoteCandidateStatus.Queued : RemoteCandidateStatus.LimitReached, bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.{i + 1}:2000"))));
        }

        Assert.Empty(bench.Sent);
        bench.Begin();
        Assert.Equal(32, bench.Agent.Pairs.Count);
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void Remotes_MoreThanAHundredMessages_AreIgnoredWhateverTheySay()
    {
        using Bench bench = new Bench().Begin();
        for (int i = 0; i < 100; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address("127.0.0.1:5000")));
        }

        Assert.Equal(RemoteCandidateStatus.LimitReached, bench.AddRemote(Bench.Remote(Bench.There)));
    }

    [Fact]
    public void Remotes_OfComponentsThatThereAreNot_AreIgnored()
    {
        using Bench bench = new Bench().Begin();
        foreach (int component in (int[])[0, -1, 2, 256, int.MaxValue, int.MinValue])
        {
            Assert.Equal(RemoteCandidateStatus.NoSuchComponent, bench.AddRemote(Bench.Remote(Bench.There, component)));
        }

        Assert.Equal(RemoteCandidateStatus.NoSuchComponent, bench.AddRemote(Bench.Remote(Bench.There), stream: 1));
        Assert.Equal(RemoteCandidateStatus.NoSuchComponent, bench.AddRemote(Bench.Remote(Bench.There), stream: -1));
    }

    // security.md section 3.2: 30 kB to addresses that have never answered, and a clean end.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pairs_AHundredThatNobodyAnswers_CostThirtyKilobytesAndFail(bool byTheBook)
    {
        using var bench = new Bench(
            new IceAgentOptions
            {
                Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default,
                Limits = IceLimits.Default with { MaxRemoteCandidates = 100 },
            });
        bench.Add(1, Wire.Address("192.0.2.9:5000"));
        bench.Begin();
        for (int i = 0; i < 50; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"203.0.113.{i + 1}:2000"), foundation: "f" + i));
        }

        Assert.Equal(100, bench.Agent.Pairs.Count);
        bench.Run(TimeSpan.FromHours(byTheBook ? 12 : 0.02));
        Assert.InRange(bench.Sent.Sum(static packet => packet.Bytes.Length), 20_000, 30_000 + (100 * 120));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.Null(bench.Agent.NextTimeout);
    }

    // I26: RFC 8445 section 5.3, RFC 8839 section 5.4.
    [Theory]
    [InlineData(4, 22, true)]
    [InlineData(256, 256, true)]
    [InlineData(3, 22, false)]
    [InlineData(257, 22, false)]
    [InlineData(4, 21, false)]
    [InlineData(4, 257, false)]
    public void Credentials_ByLength_AreTakenOrRefused(int fragment, int password, bool accepted)
    {
        if (!accepted)
        {
            Assert.ThrowsAny<ArgumentException>(() => new IceCredentials(new string('u', fragment), new string('p', password)));
            return;
        }

        using var bench = new Bench { Theirs = new IceCredentials(new string('u', fragment), new string('p', password)) };
        bench.Responder = bench.Grant;
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Receive(bench.Check());
        bench.Run(Wires.Second);
        Assert.True(bench.CanSend());
    }

    [Theory]
    [InlineData("us r")]
    [InlineData("us:r")]
    [InlineData("usér")]
    [InlineData("us\0r")]
    [InlineData("us-r")]
    public void Credentials_WithOtherThanIceChars_AreRefused(string fragment)
        => Assert.ThrowsAny<ArgumentException>(() => new IceCredentials(fragment, new string('p', 22)));
}
