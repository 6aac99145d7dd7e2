using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Refresh and the life of an allocation (RFC 8656 sections 6 and 8.2).</summary>
public sealed class RefreshTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 8.2: desired lifetime. security.md A22.
    [Theory]
    [InlineData(null, 600)]
    [InlineData(1U, 600)]
    [InlineData(599U, 600)]
    [InlineData(600U, 600)]
    [InlineData(601U, 601)]
    [InlineData(3600U, 3600)]
    [InlineData(3601U, 3600)]
    [InlineData(0x7FFFFFFFU, 3600)]
    [InlineData(0xFFFFFFFFU, 3600)]
    public void Refresh_Lifetime_IsClamped(uint? asked, int granted)
    {
        _run.Alice.Allocate();
        _run.Skip(100);
        _run.Alice.Refresh(asked).Are($"200 Refresh lifetime={granted} MI", $"next {100 + granted}");
    }

    // RFC 8656 section 8.2: the timer is set to the desired lifetime, which may come earlier than before.
    [Fact]
    public void Refresh_ShorterThanBefore_EndsEarlier()
    {
        _run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromHours(1)));
        _run.Alice.Refresh(700).Are("200 Refresh lifetime=700 MI", "next 700");
        _run.Pass(700).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "next none");
    }

    // RFC 8656 section 8.2 and the note on retransmissions. security.md T07.
    [Fact]
    public void Refresh_Zero_DeletesAtOnceAndThenResponds437()
    {
        _run.Alice.Allocate();
        _run.Alice.Refresh(0).Are("200 Refresh lifetime=0 MI", "ended alice 203.0.113.1:49152 Deleted", "close 1", "next none");
        Assert.Equal((0, 0, 0), (_run.Server.AllocationCount, _run.Resources.AllocationCount, _run.Resources.PortsInUse));
        Assert.Equal((1, 0), (_run.Resources.TakeMostAllocations(), _run.Resources.TakeMostAllocations()));
        _run.Alice.Repeat().Are("437 Refresh MI", "next none");
        _run.Alice.Refresh(0).Are("437 Refresh MI", "next none");
    }

    // RFC 8656 section 8.2: only a LIFETIME of zero deletes, not a missing one.
    [Fact]
    public void Refresh_NoLifetime_IsTheDefault()
    {
        _run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromHours(1)));
        _run.Alice.Refresh().Are("200 Refresh lifetime=600 MI", "next 600");
    }

    // security.md V6: measured at coturn 4.6.1, which granted 3000.
    [Theory]
    [InlineData(3000U)]
    [InlineData(0U)]
    public void Refresh_LifetimeBehindIntegrity_IsIgnored(uint behind)
    {
        _run.Alice.Allocate();
        byte[] request = _run.Alice.Build(StunMethod.Refresh, static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromSeconds(700)));
        _run.Alice.Deliver(TurnTestClient.Append(request, StunAttributeType.Lifetime, 0, 0, (byte)(behind >> 8), (byte)(behind & 0xFF)))
            .Are("200 Refresh lifetime=700 MI", "next 700");
        request = _run.Alice.Build(StunMethod.Refresh);
        _run.Alice.Deliver(TurnTestClient.Append(request, StunAttributeType.Lifetime, 0, 0, (byte)(behind >> 8), (byte)(behind & 0xFF)))
            .Are("200 Refresh lifetime=600 MI", "next 600");
    }

    // security.md V39.
    [Fact]
    public void Refresh_TwoLifetimes_TakesTheFirst()
    {
        _run.Alice.Allocate();
        _run.Alice.Request(StunMethod.Refresh, static (ref StunMessageWriter writer) =>
        {
            writer.AddLifetime(TimeSpan.FromSeconds(800));
            writer.AddLifetime(TimeSpan.Zero);
        }).Are("200 Refresh lifetime=800 MI", "next 800");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("000000")]
    [InlineData("0000000000")]
    public void Refresh_LifetimeOfAWrongLength_Responds400(string value)
    {
        _run.Alice.Allocate();
        _run.Alice.Request(StunMethod.Refresh, (ref StunMessageWriter writer) => writer.Add(StunAttributeType.Lifetime, Convert.FromHexString(value)))
            .Are("400 Refresh MI", "next 600");
    }

    // RFC 8656 section 8.2: MUST reply with 443; and nothing is refreshed or deleted.
    [Theory]
    [InlineData(StunAddressFamily.IPv6)]
    [InlineData((StunAddressFamily)3)]
    [InlineData((StunAddressFamily)0)]
    public void Refresh_OtherFamily_Responds443(StunAddressFamily family)
    {
        _run.Alice.Allocate();
        _run.Alice.Refresh(0, family).Are("443 Refresh MI", "next 600");
        _run.Alice.Refresh(1000, family).Are("443 Refresh MI", "next 600");
    }

    [Fact]
    public void Refresh_OwnFamily_Succeeds()
    {
        _run.Alice.Allocate();
        _run.Alice.Refresh(700, StunAddressFamily.IPv4).Are("200 Refresh lifetime=700 MI", "next 700");
        _run.Alice.Refresh(0, StunAddressFamily.IPv4).Are("200 Refresh lifetime=0 MI", "ended alice 203.0.113.1:49152 Deleted", "close 1", "next none");
    }

    [Fact]
    public void Refresh_FamilyOfAWrongLength_Responds400()
    {
        _run.Alice.Allocate();
        _run.Alice.Request(StunMethod.Refresh, static (ref StunMessageWriter writer) => writer.Add(StunAttributeType.RequestedAddressFamily, [1, 0]))
            .Are("400 Refresh MI", "next 600");
    }

    // RFC 8656 section 6: data refreshes nothing; when the time is over all is gone. security.md T43.
    [Fact]
    public void Allocation_Expired_IsGoneWithAllThatHangsOnIt()
    {
        _run.Alice.Allocate();
        _run.Skip(500);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Skip(99.9);
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "y").Are("0x4000 'y'+0 -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
        _run.Pass(0.1).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "next none");
        var ended = Assert.IsType<AllocationEnded>(_run.LastEvent);
        Assert.Equal((TimeSpan.FromSeconds(600), new RelayTraffic(1, 1, 1, 1, 0)), (ended.Age, ended.Traffic));
        Assert.Equal(Endpoints.Peer.Value.WithPort(0), Assert.Single(ended.Peers));
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoAllocation, "next none");
        _run.Alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoAllocation, "next none");
        _run.FromPeer(1, Endpoints.Peer, "y").AreSilent(TurnServerDisposition.NoAllocation, "next none");
        _run.Icmp(1, Endpoints.Peer, 3, 3).AreSilent(TurnServerDisposition.NoAllocation, "next none");
        _run.Alice.Refresh().Are("437 Refresh MI", "next none");
        Assert.Equal((0, 0, 0), (_run.Sockets.OpenCount, _run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    // A loop that is late relays nothing beyond the time.
    [Fact]
    public void Allocation_ExpiredButNotTold_RelaysNothing()
    {
        _run.Alice.Allocate();
        _run.Skip(590);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Skip(10);
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
        _run.Alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(1, Endpoints.Peer, "y").AreSilent(TurnServerDisposition.NoAllocation, "next 600");
        _run.Icmp(1, Endpoints.Peer, 3, 3).AreSilent(TurnServerDisposition.NoAllocation, "next 600");
    }

    // The same client may begin anew, and gets nothing of the old.
    [Fact]
    public void Allocation_MadeAgain_HasNoPermissionsAndChannels()
    {
        _run.Alice.Allocate();
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Refresh(0).Expect(200);
        _run.Alice.Allocate().Expect(200);
        _run.Alice.OnChannel(0x4000, "x").AreSilent(TurnServerDisposition.NoChannel, "next 600");
        _run.Alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(2, Endpoints.Peer, "y").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.FromPeer(1, Endpoints.Peer, "y").AreSilent(TurnServerDisposition.NoAllocation, "next 600");
    }

    // Each deadline is one call away, and a call at the deadline makes progress.
    [Fact]
    public void Deadlines_OfManyAllocations_ComeInTurn()
    {
        for (int i = 0; i < 10; i++)
        {
            using TurnTestClient client = _run.Client("alice", Endpoints.Alice.WithPort(41000 + i));
            client.Allocate((ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromSeconds(700 - i))).Expect(200);
        }

        for (int i = 9; i >= 0; i--)
        {
            TurnOutputs outputs = _run.Pass(i == 9 ? 691 : 1);
            Assert.Equal($"close {i + 1}", outputs.Lines[1]);
            Assert.Equal(i == 0 ? "next none" : $"next {700 - i + 1}", outputs.Lines[2]);
        }
    }

    // security.md T45: a connection that ends takes its allocation along; UDP clients are not concerned.
    [Fact]
    public void ClientClosed_Stream_EndsItsAllocationOnly()
    {
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        _run.Alice.Allocate().Expect(200);
        tcp.Allocate().Expect(200);
        _run.Do(server => server.HandleClientClosed(tcp.Path, _run.Now))
            .Are("ended alice 203.0.113.1:49153 ConnectionLost", "close 2", "next 600");
        _run.Do(server => server.HandleClientClosed(tcp.Path, _run.Now)).Are("next 600");
        Assert.Equal(1, _run.Resources.AllocationCount);
    }

    [Fact]
    public void Stop_EndsEverything()
    {
        _run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddEvenPort(reserveNext: true));
        _run.Bob.AllocateDual();
        _run.Stop().Are(
            "ended alice 203.0.113.1:49152 Stopped",
            "ended bob 203.0.113.1:49154 Stopped",
            "close 1",
            "close 2",
            "close 3",
            "cancel 203.0.113.1:49153",
            "next none");
        Assert.Equal((0, 0, 0), (_run.Sockets.OpenCount, _run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }
}
