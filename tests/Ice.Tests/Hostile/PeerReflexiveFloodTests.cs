using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>A peer with valid credentials that misbehaves: I14, I16, I21, I30, and growth without bound.</summary>
public sealed class PeerReflexiveFloodTests
{
    // I16.
    [Fact]
    public void Checks_FromTenThousandPorts_MakeSixteenCandidates()
    {
        using Bench bench = new Bench().Begin();
        for (int i = 0; i < 10_000; i++)
        {
            bench.Receive(bench.Check(), Wire.Address($"203.0.113.9:{10_000 + i}"));
        }

        Assert.Equal(16, bench.Agent.Pairs.Count);
        int before = bench.Requests.Count();
        Assert.InRange(before, 0, 16);
        bench.Run(TimeSpan.FromMinutes(2));
        Assert.InRange(bench.Requests.Count(), 16, 16 * 8);
    }

    // One request of ours for one of the peer's, whoever asks in whose name.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Checks_FromASourceThatNeverAnswers_AreMatchedAtMostOneForOne(bool byTheBook)
    {
        using Bench bench = new Bench(new IceAgentOptions { Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default }).Begin();
        for (int i = 0; i < 600; i++)
        {
            bench.Receive(bench.Check());
            bench.Run(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(bench.Requests.Count(), 7, 614);
    }

    // NATs that show another port with every answer must not use up what other candidates need: a request for a request is no flood.
    [Fact]
    public void Checks_MatchedOneForOne_LeaveTheBoundOfBytesAlone()
    {
        using Bench bench = new Bench(new IceAgentOptions { Limits = new IceLimits { MaxUnvalidatedBytes = 2000 } }).Begin();
        for (int i = 0; i < 100; i++)
        {
            bench.Receive(bench.Check(), Wire.Address("203.0.113.9:10000"));
            bench.Run(TimeSpan.FromMilliseconds(40));
        }

        Assert.InRange(bench.Requests.Count(), 90, 101);
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(1));
        Assert.Contains(bench.Requests, static request => request.To == Bench.There);
    }

    // Requests that nobody answers are forgotten, however long the peer goes on.
    [Fact]
    public void Checks_ForAnHourWithoutAnAnswer_LeaveABoundedTable()
    {
        using Bench bench = new Bench().Begin();
        for (int i = 0; i < 36_000; i++)
        {
            bench.Receive(bench.Check());
            bench.Run(TimeSpan.FromMilliseconds(100));
        }

        // An answer with the wrong key tells a request that is waited for from one that is not, and changes nothing.
        string wrong = new('z', 22);
        SentPacket[] requests = [.. bench.Requests];
        Assert.InRange(requests.Length, 30_000, 36_017);
        int outstanding = requests.Count(request => bench.Receive(bench.Answer(request, password: wrong)) == IceDisposition.Unauthenticated);
        Assert.InRange(outstanding, 1, 500);
    }

    // I14: RFC 8445 section 7.2.5.2.1.
    [Fact]
    public void Response_FromAnotherAddress_FailsThePair()
    {
        using Bench bench = new Bench().Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        SentPacket request = Assert.Single(bench.Sent);
        Assert.Equal(IceDisposition.NotExpected, bench.Receive(bench.Answer(request), Wire.Address("192.0.2.2:6001")));
        Assert.Equal(CandidatePairState.Failed, bench.Pair(Bench.There)!.State);
        Assert.False(bench.CanSend());
    }

    [Fact]
    public void Response_ToAnotherBase_FailsThePair()
    {
        using var bench = new Bench();
        bench.Add(1, Wire.Address("192.0.2.9:5000"));
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        SentPacket request = bench.Sent[0];
        int other = request.From == Bench.Here ? 1 : 0;
        Assert.Equal(IceDisposition.NotExpected, bench.Receive(bench.Answer(request), Bench.There, other));
        Assert.Equal(CandidatePairState.Failed, bench.Pair(Bench.There, 1 - other)!.State);
    }

    [Fact]
    public void Response_WithAnotherPasswordOrNone_IsAsIfItHadNotCome()
    {
        using Bench bench = new Bench().Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        SentPacket request = Assert.Single(bench.Sent);
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Answer(request, password: new string('z', 22))));
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Answer(request, integrity: false)));
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Answer(request, error: StunErrorCode.RoleConflict, integrity: false)));
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Answer(request, error: StunErrorCode.Forbidden, integrity: false)));
        Assert.Equal(CandidatePairState.InProgress, bench.Pair(Bench.There)!.State);
        Assert.Equal(IceDisposition.Taken, bench.Receive(bench.Answer(request)));
        Assert.True(bench.CanSend());
    }

    [Fact]
    public void Response_Twice_CountsOnce()
    {
        using Bench bench = new Bench().Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        byte[] answer = bench.Answer(Assert.Single(bench.Sent));
        bench.Receive(answer);
        Assert.Equal(IceDisposition.UnknownTransaction, bench.Receive(answer));
        Assert.Equal(1, bench.Pair(Bench.There)!.ResponsesReceived);
    }

    // I21: the DTLS race.
    [Fact]
    public void Data_FromUnvalidatedAddresses_IsDroppedBeforeAndAfterSelection()
    {
        using Bench bench = new Bench().Begin();
        byte[] hello = [22, 0xFE, 0xFF, 0, 0];
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive(hello));
        bench.Responder = bench.Grant;
        bench.AddRemote(Bench.Remote(Bench.There));
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive(hello));
        bench.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(IceDisposition.ApplicationData, bench.Receive(hello));
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive(hello, Wire.Address("192.0.2.2:6001")));
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive(hello, Wire.Address("192.0.2.3:6000")));
    }

    // I30: a NAT gives the peer new addresses again and again; each time the way follows, though the limits have long been passed.
    [Fact]
    public void Rebinding_ManyTimesInALongSession_IsFollowedEveryTime()
    {
        using Bench bench = new Bench().Begin();
        TransportAddress peer = Bench.There;
        bench.Responder = packet => packet.To == peer ? bench.Grant(packet) : null;
        bench.AddRemote(Bench.Remote(peer));
        bench.Run(TimeSpan.FromSeconds(2));
        for (int i = 0; i < 200; i++)
        {
            peer = Wire.Address($"192.0.2.2:{7000 + i}");
            for (int k = 0; k < 12; k++)
            {
                bench.Receive(bench.Check(), peer);
                bench.Run(TimeSpan.FromSeconds(5));
            }

            Assert.True(bench.Agent.TryGetRoute(0, 1, bench.Now, out IceRoute route), $"rebinding {i}");
            Assert.Equal(peer, route.Destination);
            Assert.Equal(IceDisposition.ApplicationData, bench.Receive([0xFF], peer));
        }

        Assert.InRange(bench.Agent.Pairs.Count, 1, 40);
    }
}
