using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>EVEN-PORT and RESERVATION-TOKEN (RFC 8656 section 7.2, checks 5 and 8).</summary>
public sealed class PortReservationTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // The first draw is an even port, the next one is odd and goes up to the next even one.
    [Fact]
    public void EvenPort_WithoutReservation_IsEven()
    {
        for (int i = 0; i < 5; i++)
        {
            using TurnTestClient client = _run.Client("alice", Endpoints.Alice.WithPort(40000 + i));
            TurnOutputs outputs = Even(client, reserveNext: false);
            Assert.Equal(0, Assert.Single(outputs.Relayed).Port % 2);
            Assert.Null(outputs.Find(StunAttributeType.ReservationToken));
        }

        Assert.Equal((5, 0), (_run.Resources.PortsInUse, _run.Sockets.ReservedCount));
    }

    // RFC 8656 section 7.2: the port behind it is held for 30 seconds. security.md A25: the other bits are ignored.
    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void EvenPort_WithReservation_HoldsTheNextPort(byte value)
    {
        _run.Alice.Allocate((ref StunMessageWriter writer) => writer.Add(StunAttributeType.EvenPort, [value])).Are(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 token=1 mapped=198.51.100.7:40000 MI",
            "created alice 203.0.113.1:49152 Udp",
            "open 1 Udp 203.0.113.1:49152",
            "reserve 203.0.113.1:49153",
            "next 30");
        Assert.Equal(2, _run.Resources.PortsInUse);
        _run.Pass(29.999).Are("next 30");
        _run.Pass(0.001).Are("cancel 203.0.113.1:49153", "next 600");
        Assert.Equal(1, _run.Resources.PortsInUse);
    }

    // The value of the token is not for counting up: it is drawn anew each time.
    [Fact]
    public void EvenPort_SentAgain_GetsTheSameToken()
    {
        TurnOutputs first = Even(_run.Alice, reserveNext: true);
        Assert.Equal(first.Reply, _run.Alice.Repeat().Reply);
        Assert.Equal(1, _run.Sockets.ReservedCount);
    }

    // RFC 8656 section 7.2: any allowed 5-tuple, another transport and another endpoint of the server included.
    [Theory]
    [InlineData(StunTransport.Udp, "198.51.100.7:40001")]
    [InlineData(StunTransport.Udp, "[2001:db8:7::7]:9")]
    [InlineData(StunTransport.Tcp, "198.51.100.7:40000")]
    [InlineData(StunTransport.Tls, "192.0.2.3:2")]
    public void Token_OnAnother5Tuple_GetsTheReservedPort(StunTransport transport, string address)
    {
        Even(_run.Alice, reserveNext: true);
        using TurnTestClient second = _run.Client("alice", PeerAddresses.EndPoint(address), transport);
        TurnOutputs outputs = Claim(second, 1);
        Assert.Equal(Endpoints.Relay.WithPort(49153), Assert.Single(outputs.Relayed));
        Assert.Equal(["claim 2 203.0.113.1:49153", "next 600"], outputs.From(2));
        Assert.Null(outputs.Find(StunAttributeType.ReservationToken));

        // The deadline of the reservation has nothing to do any more.
        _run.Pass(30).Are("next 600");
        Assert.Equal((2, 0), (_run.Resources.PortsInUse, _run.Sockets.ReservedCount));
    }

    // RFC 8656 section 7.2: a reservation is server-wide, whichever loop of it has it.
    [Fact]
    public void Token_AtAnotherLoop_GetsTheReservedPort()
    {
        using var other = new TurnServerRun(sharing: _run, shard: 1);
        Even(_run.Alice, reserveNext: true);
        using TurnTestClient second = other.Client("alice", Endpoints.Alice.WithPort(40001));
        Claim(second, 1).Are(
            "200 Allocate relayed=203.0.113.1:49153 lifetime=600 mapped=198.51.100.7:40001 MI",
            "created alice 203.0.113.1:49153 Udp",
            "claim 1 203.0.113.1:49153",
            "next 600");
        _run.Pass(30).Are("next 600");
        other.Stop().Are("ended alice 203.0.113.1:49153 Stopped", "close 1", "next none");
        Assert.Equal(1, _run.Resources.PortsInUse);
    }

    // RFC 8656 section 7.2, check 5. security.md A26, T37: unknown, used, expired, somebody else's - all the same 508.
    [Fact]
    public void Token_ThatIsNotGood_Responds508()
    {
        Even(_run.Alice, reserveNext: true);
        using TurnTestClient second = _run.Client("alice", Endpoints.Alice.WithPort(40001));
        Claim(second, 4711).Are("508 Allocate MI", "next 30");
        Claim(_run.Bob, 1).Are("508 Allocate MI", "next 30");
        Assert.Equal(1, _run.Sockets.ReservedCount);
        Claim(second, 1).Expect(200);
        using TurnTestClient third = _run.Client("alice", Endpoints.Alice.WithPort(40002));
        Claim(third, 1).Are("508 Allocate MI", "next 600");
    }

    // Also where the deadline has passed and the loop is late.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Token_AfterThirtySeconds_Responds508(bool told)
    {
        Even(_run.Alice, reserveNext: true);
        if (told)
        {
            _run.Pass(30);
        }
        else
        {
            _run.Skip(30);
        }

        using TurnTestClient second = _run.Client("alice", Endpoints.Alice.WithPort(40001));
        Claim(second, 1).Expect(508);
        _run.Pass(0);
        Assert.Equal((1, 0), (_run.Resources.PortsInUse, _run.Sockets.ReservedCount));
    }

    // RFC 8656 section 7.2, check 5: MUST be 508, whatever other servers there are.
    [Fact]
    public void Token_ThatIsNotGoodWithAlternates_Responds508()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { AlternateServers = [new AlternateServer(Endpoints.Server.WithPort(9))] });
        Claim(run.Alice, 1).Are("508 Allocate MI", "next none");
    }

    // The first allocation may be gone by then.
    [Fact]
    public void Token_FirstAllocationDeleted_IsStillGood()
    {
        Even(_run.Alice, reserveNext: true);
        _run.Alice.Refresh(0).Are("200 Refresh lifetime=0 MI", "ended alice 203.0.113.1:49152 Deleted", "close 1", "next 30");
        Claim(_run.Alice, 1).Expect(200);
        Assert.Equal(1, _run.Resources.PortsInUse);
    }

    // The account counts, as for quotas, not the name of today.
    [Fact]
    public void Token_OtherNameOfTheSameAccount_IsGood()
    {
        _run.Users.Set("alice+1", "x");
        Even(_run.Alice, reserveNext: true);
        using TurnTestClient other = _run.Client("alice+1", Endpoints.Bob);
        Claim(other, 1).Expect(200);
    }

    // The reserved half may be taken by another program: the pair is looked for elsewhere.
    [Fact]
    public void EvenPort_NextPortInUse_TriesAnotherPair()
    {
        _run.Sockets.Answer = static address => address.Port == 49153 ? RelayOpenStatus.AddressInUse : RelayOpenStatus.Opened;
        Assert.Equal(
            [
                "created alice 203.0.113.1:49154 Udp",
                "open 1 Udp 203.0.113.1:49152",
                "reserve 203.0.113.1:49153 AddressInUse",
                "close 1",
                "open 2 Udp 203.0.113.1:49154",
                "reserve 203.0.113.1:49155",
                "next 30",
            ],
            Even(_run.Alice, reserveNext: true).From(1));
        Assert.Equal(2, _run.Resources.PortsInUse);
    }

    // The operating system may refuse at the last moment.
    [Fact]
    public void Token_ClaimFails_Responds508AndGivesAllBack()
    {
        Even(_run.Alice, reserveNext: true);
        _run.Sockets.Answer = static _ => RelayOpenStatus.Exhausted;
        Claim(_run.Bob, 1).Expect(508);
        using TurnTestClient second = _run.Client("alice", Endpoints.Alice.WithPort(40001));
        Claim(second, 1).Are("508 Allocate MI", "claim 2 203.0.113.1:49153 Exhausted", "next 600");
        Assert.Equal((1, 1), (_run.Resources.PortsInUse, _run.Resources.AllocationCount));
    }

    // Nobody else gets the port meanwhile, not even from a range of two.
    [Fact]
    public void Reservation_Port_IsNotGivenToOthers()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { FirstPort = 50000, LastPort = 50001, PortQuarantine = TimeSpan.Zero }));
        Even(run.Alice, reserveNext: true);
        run.Bob.Allocate().Expect(508);
        run.Pass(30);
        Assert.Equal(50001, Assert.Single(run.Bob.Allocate().Relayed).Port);
    }

    // A pair never runs over the end of the range.
    [Fact]
    public void EvenPort_LastPortIsEven_HasNoPair()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { FirstPort = 50001, LastPort = 50002 }));
        Even(run.Alice, reserveNext: true, code: 508);
        Even(run.Alice, reserveNext: false);
    }

    // security.md V32, T36: an even port without R once leaked its sibling for ever.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ports_AHundredThousandTimesAllocatedAndFreed_AreAllThere(bool reserveNext)
    {
        const int Ports = 64;
        using var run = new TurnServerRun(
            TurnServerRun.Limited(static limits => limits with { FirstPort = 50000, LastPort = 50000 + Ports - 1, PortQuarantine = TimeSpan.Zero }));
        var opener = new RelayOpener(run.Resources, run.Sockets);
        RelayAddress[] addresses = [new RelayAddress(Endpoints.Relay)];
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(opener.TryOpen(addresses, StunAddressFamily.IPv4, RelayProtocol.Udp, reserveNext ? PortPick.EvenPair : PortPick.Even, run.Now, out OpenedRelay opened));
            if (reserveNext)
            {
                opener.Reserve(opened, "alice", run.Now);
                opener.CancelExpiredReservations(run.Now);
            }

            run.Sockets.Close(opened.Id);
            run.Resources.ReturnPort(RelayProtocol.Udp, Endpoints.Relay.WithPort(opened.Port), rests: true, run.Now);
            run.Sockets.TakeCalls();
        }

        Assert.Equal((0, 0, 0), (run.Resources.PortsInUse, run.Sockets.OpenCount, run.Sockets.ReservedCount));
        for (int i = 0; i < Ports; i++)
        {
            Assert.True(opener.TryOpen(addresses, StunAddressFamily.IPv4, RelayProtocol.Udp, PortPick.Any, run.Now, out _));
        }
    }

    private static TurnOutputs Even(TurnTestClient client, bool reserveNext, int code = 200)
        => client.Allocate((ref StunMessageWriter writer) => writer.AddEvenPort(reserveNext)).Expect(code);

    private static TurnOutputs Claim(TurnTestClient client, ulong token)
        => client.Allocate((ref StunMessageWriter writer) => writer.AddReservationToken(new ReservationToken(token)));
}
