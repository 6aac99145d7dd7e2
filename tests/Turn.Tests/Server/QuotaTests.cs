using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>How many allocations and ports there are for whom (RFC 8656 sections 5 and 7.2, check 10; security.md section 2).</summary>
public sealed class QuotaTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 7.2, check 10; security.md T40, V34: exactly as long as the allocation lives.
    [Fact]
    public void Allocations_EleventhOfAUser_Responds486UntilOneIsFreed()
    {
        TurnTestClient[] clients = [.. Enumerable.Range(0, 11).Select(i => At("alice", i))];
        Assert.All(clients[..10], static client => client.Allocate().Expect(200));
        clients[10].Allocate().Are("486 Allocate MI", "next 600");
        clients[3].Refresh(0).Expect(200);
        clients[10].Allocate().Expect(200);
        clients[3].Allocate().Expect(486);
        _run.Pass(600);
        clients[3].Allocate().Expect(200);
        Assert.Equal(1, _run.Resources.AllocationCount);
    }

    // Section 7.2, check 10: by the user, not by the address.
    [Fact]
    public void Allocations_OtherUserOfTheSameAddress_HasHisOwnQuota()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { AllocationsPerUser = 1 }));
        run.Alice.Allocate().Expect(200);
        using TurnTestClient alice = run.Client("alice", Endpoints.Bob.WithPort(1));
        using TurnTestClient bob = run.Client("bob", Endpoints.Alice.WithPort(1));
        alice.Allocate().Expect(486);
        bob.Allocate().Expect(200);
    }

    // Names with an expiry in them are of one account.
    [Fact]
    public void Allocations_OtherNameOfTheSameAccount_SharesTheQuota()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { AllocationsPerUser = 1 }));
        run.Users.Set("alice+2", "x");
        run.Alice.Allocate().Expect(200);
        using TurnTestClient other = run.Client("alice+2", Endpoints.Bob);
        other.Allocate().Expect(486);
    }

    // security.md section 2: 50 from one IPv4 address or IPv6 /64.
    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7", 486)]
    [InlineData("198.51.100.7", "198.51.100.8", 200)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", 486)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 200)]
    public void Allocations_FiftyFirstOfASource_Responds486(string first, string second, int code)
    {
        for (int i = 0; i < 5; i++)
        {
            _run.Users.Set($"user{i}", "x");
            for (int j = 0; j < 10; j++)
            {
                using TurnTestClient client = _run.Client($"user{i}", PeerAddresses.Address(first).WithPort(1000 + (i * 10) + j), StunTransport.Tcp);
                client.Allocate().Expect(200);
            }
        }

        using TurnTestClient last = _run.Client("bob", PeerAddresses.Address(second).WithPort(9), StunTransport.Tcp);
        last.Allocate().Expect(code);
    }

    // Beyond all: 508, since it is not the client that has too much.
    [Fact]
    public void Allocations_ServerFull_Responds508UntilOneIsFreed()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { Allocations = 1 }));
        run.Alice.Allocate().Expect(200);
        run.Bob.Allocate().Are("508 Allocate MI", "next 600");
        run.Alice.Refresh(0).Expect(200);
        run.Bob.Allocate().Expect(200);
    }

    // Quotas are shared by the loops.
    [Fact]
    public void Allocations_AtAnotherLoop_CountTogether()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { AllocationsPerUser = 1 }));
        using var other = new TurnServerRun(run.ServerOptions, sharing: run, shard: 1);
        run.Alice.Allocate().Expect(200);
        other.Alice.Allocate().Expect(486);
        run.Stop();
        other.Alice.Allocate().Expect(200);
    }

    // security.md T38: a full pool says so at once, and no socket is tried.
    [Fact]
    public void Ports_FifthOfFour_Responds508AtOnce()
    {
        using TurnServerRun run = FourPorts(TimeSpan.Zero);
        TurnTestClient[] clients = [.. Enumerable.Range(0, 5).Select(i => run.Client("alice", Endpoints.Alice.WithPort(41000 + i)))];
        int[] ports = [.. clients[..4].Select(static client => Assert.Single(client.Allocate().Relayed).Port).Order()];
        Assert.Equal([50000, 50001, 50002, 50003], ports);
        clients[4].Allocate().Are("508 Allocate MI", "next 600");
        clients[2].Refresh(0).Expect(200);
        clients[4].Allocate().Expect(200);
        Assert.Equal((4, 4), (run.Resources.PortsInUse, run.Resources.AllocationCount));
    }

    // security.md section 2: a freed port rests for 30 s, so that late datagrams of its peers reach nobody else.
    [Fact]
    public void Ports_Freed_RestForThirtySeconds()
    {
        using TurnServerRun run = FourPorts(TimeSpan.FromSeconds(30));
        TurnTestClient[] clients = [.. Enumerable.Range(0, 5).Select(i => run.Client("alice", Endpoints.Alice.WithPort(41000 + i)))];
        Assert.All(clients[..4], static client => client.Allocate().Expect(200));
        int port = 50000;
        clients[0].Refresh(0).Expect(200);
        Assert.Equal(3, run.Resources.PortsInUse);
        clients[4].Allocate().Expect(508);
        run.Skip(29.999);
        clients[4].Allocate().Expect(508);
        run.Skip(0.001);
        Assert.Equal(port, Assert.Single(clients[4].Allocate().Relayed).Port);
    }

    // A port that was never open need not rest.
    [Fact]
    public void Ports_InUseElsewhere_AreTriedAgainLater()
    {
        using TurnServerRun run = FourPorts(TimeSpan.FromSeconds(30));
        run.Sockets.Answer = static _ => RelayOpenStatus.AddressInUse;
        run.Alice.Allocate().Expect(508);
        run.Sockets.Answer = static _ => RelayOpenStatus.Opened;
        run.Alice.Allocate().Expect(200);
    }

    // security.md section 2, V31: at most 128 tries, then 508; and nothing is kept.
    [Fact]
    public void Ports_AllInUseElsewhere_TriesAHundredAndTwentyEightTimes()
    {
        _run.Sockets.Answer = static _ => RelayOpenStatus.AddressInUse;
        TurnOutputs outputs = _run.Alice.Allocate().Expect(508);
        Assert.Equal(128, outputs.Lines.Count(static line => line.StartsWith("open", StringComparison.Ordinal)));
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    // No descriptors: another port would not do either.
    [Theory]
    [InlineData(RelayOpenStatus.Exhausted)]
    [InlineData(RelayOpenStatus.Unavailable)]
    public void Sockets_NoneToBeHad_Responds508AtOnce(RelayOpenStatus status)
    {
        _run.Sockets.Answer = _ => status;
        _run.Alice.Allocate().Are("508 Allocate MI", $"open 1 Udp 203.0.113.1:49152 {status}", "next none");
        Assert.Equal((0, 0), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
        _run.Sockets.Answer = static _ => RelayOpenStatus.Opened;
        _run.Alice.Allocate().Expect(200);
    }

    // Where one address of the machine is gone the next one serves.
    [Fact]
    public void Sockets_AddressGone_AnotherOneIsUsed()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with
        {
            RelayAddresses = [new RelayAddress(Endpoints.Relay), new RelayAddress(PeerAddresses.Address("203.0.113.2"))],
        });
        run.Sockets.Answer = static address => address.HasSameAddress(Endpoints.Relay) ? RelayOpenStatus.Unavailable : RelayOpenStatus.Opened;
        for (int i = 0; i < 3; i++)
        {
            using TurnTestClient client = run.Client("alice", Endpoints.Alice.WithPort(41000 + i));
            Assert.True(Assert.Single(client.Allocate().Relayed).HasSameAddress(PeerAddresses.Address("203.0.113.2")));
        }
    }

    // RFC 8656 section 7.2 SHOULDs 49152 to 65535, and never below 1024.
    [Fact]
    public void Ports_Default_AreOfTheDynamicRange()
    {
        using var run = new TurnServerRun(random: new Stack.TestKit.SeededRandom(1));
        int[] ports = [.. Enumerable.Range(0, 10).Select(i => Assert.Single(run.Client("alice", Endpoints.Alice.WithPort(41000 + i)).Allocate().Relayed).Port)];
        Assert.All(ports, static port => Assert.InRange(port, 49152, 65535));
        Assert.Equal(10, ports.Distinct().Count());

        // RFC 6056: they do not follow one another.
        Assert.DoesNotContain(ports.Zip(ports[1..]), static pair => Math.Abs(pair.First - pair.Second) < 2);
    }

    // RFC 8656 section 6: a relayed address is unique across all allocations; TCP and UDP ports are other ports.
    [Fact]
    public void Ports_TcpAndUdp_AreTwoPools()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { FirstPort = 50000, LastPort = 50000 }));
        run.Sockets.Answer = static _ => RelayOpenStatus.Opened;
        using TurnTestClient stream = run.Client("bob", Endpoints.Bob, StunTransport.Tcp);
        run.Alice.Allocate().Expect(200);
        run.Alice.Refresh(0).Expect(200);
        Assert.Equal(50000, Assert.Single(stream.AllocateTcp().Expect(200).Relayed).Port);
    }

    private TurnTestClient At(string user, int index) => _run.Client(user, Endpoints.Alice.WithPort(41000 + index));

    private static TurnServerRun FourPorts(TimeSpan quarantine)
        => new(TurnServerRun.Limited(limits => limits with { FirstPort = 50000, LastPort = 50003, PortQuarantine = quarantine }));
}
