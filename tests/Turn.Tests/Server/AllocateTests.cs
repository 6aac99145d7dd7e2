using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Allocate (RFC 8656 section 7.2): the checks, and one relayed address.</summary>
public sealed class AllocateTests : IDisposable
{
    private const StunAttributeType Transport = StunAttributeType.RequestedTransport;

    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 7.2: relayed address, lifetime, mapped address and nothing else. security.md T04.
    [Fact]
    public void Allocate_Plain_GrantsTenMinutesOnOneSocket() => _run.Alice.Allocate().Are(
        "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 MI",
        "created alice 203.0.113.1:49152 Udp",
        "open 1 Udp 203.0.113.1:49152",
        "next 600");

    // RFC 8489 section 7.3: a response to a request with FINGERPRINT has one.
    [Fact]
    public void Allocate_Fingerprint_IsAnsweredWithFingerprint()
    {
        _run.Alice.HasFingerprint = true;
        Assert.Equal(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 MI FP",
            _run.Alice.Allocate().Lines[0]);
    }

    // RFC 8656 section 5: requests that are sent again are idempotent. security.md T04.
    [Fact]
    public void Allocate_SentAgain_GetsTheSameBytesAndOneAllocation()
    {
        TurnOutputs first = _run.Alice.Allocate();
        _run.Skip(39.9);
        TurnOutputs again = _run.Alice.Repeat();
        again.Are(first.Lines[0], "next 600");
        Assert.Equal(first.Reply, again.Reply);
        Assert.Equal(1, _run.Resources.AllocationCount);
    }

    // RFC 8489 section 6.3.1: replies are kept for 40 seconds.
    [Fact]
    public void Allocate_SentAgainAfterFortySeconds_IsANewRequest()
    {
        _run.Alice.Allocate();
        _run.Skip(40);
        _run.Alice.Repeat().Are("437 Allocate MI", "next 600");
    }

    // security.md section 2: at most 8 replies of a 5-tuple are kept.
    [Fact]
    public void Allocate_SentAgainAfterEightOthers_IsANewRequest()
    {
        _run.Alice.Allocate();
        byte[] allocate = _run.Alice.LastRequest;
        for (int i = 0; i < 7; i++)
        {
            _run.Alice.Refresh().Expect(200);
        }

        _run.Alice.Deliver(allocate).Expect(200);
        _run.Alice.Refresh().Expect(200);
        _run.Alice.Deliver(allocate).Expect(437);
    }

    // RFC 8656 section 7.2, check 2. Section 5 leaves Allocate out of 441, whoever asks.
    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public void Allocate_FiveTupleInUse_Responds437(string user)
    {
        _run.Alice.Allocate();
        using TurnTestClient second = _run.Client(user, Endpoints.Alice);
        second.Allocate().Are("437 Allocate MI", "next 600");
    }

    // RFC 8656 section 7.2: check 2 comes before check 3.
    [Fact]
    public void Allocate_FiveTupleInUseAndNoTransport_Responds437()
    {
        _run.Alice.Allocate();
        _run.Alice.Request(StunMethod.Allocate).Are("437 Allocate MI", "next 600");
    }

    // RFC 8656 section 2: the transport is part of the 5-tuple, and so is the server's endpoint.
    [Fact]
    public void Allocate_SameAddressOtherTransport_IsAnother5Tuple()
    {
        _run.Alice.Allocate().Expect(200);
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        using TurnTestClient tls = _run.Client("alice", Endpoints.Alice, StunTransport.Tls);
        using var other = new TurnTestClient(_run, "alice", _run.Alice.Path with { Server = Endpoints.Server.WithPort(3479) });
        tcp.Allocate().Expect(200);
        tls.Allocate().Expect(200);
        other.Allocate().Expect(200);
        Assert.Equal(4, _run.Server.AllocationCount);
    }

    // RFC 8656 section 7.2, check 3; RFC 6062 section 5.1 for TCP. security.md A24: the reserved bits are ignored.
    [Theory]
    [InlineData("11000000", 200)]
    [InlineData("11FFFFFF", 200)]
    [InlineData("00000000", 442)]
    [InlineData("FF000000", 442)]
    [InlineData("01000000", 442)]
    [InlineData("06000000", 400)]
    [InlineData("", 400)]
    [InlineData("11", 400)]
    [InlineData("110000", 400)]
    [InlineData("1100000000", 400)]
    [InlineData("1100000000000000", 400)]
    public void Allocate_RequestedTransport_IsJudged(string value, int code)
        => _run.Alice.Request(StunMethod.Allocate, (ref StunMessageWriter writer) => writer.Add(Transport, Convert.FromHexString(value))).Expect(code);

    // RFC 8656 section 7.2, check 3.
    [Fact]
    public void Allocate_NoRequestedTransport_Responds400() => _run.Alice.Request(StunMethod.Allocate).Are("400 Allocate MI", "next none");

    // RFC 8489 section 14: of attributes that occur twice the first one counts. security.md V39.
    [Fact]
    public void Allocate_TwoRequestedTransports_TakesTheFirst()
    {
        _run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddRequestedTransport((RelayProtocol)99)).Expect(200);
        _run.Bob.Request(StunMethod.Allocate, static (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport((RelayProtocol)99);
            writer.AddRequestedTransport(RelayProtocol.Udp);
        }).Expect(442);
    }

    // RFC 6062 section 5.1, exception 1: UDP where it is forbidden is 403, TCP where it is not served is 442.
    [Fact]
    public void Allocate_ProtocolThatIsSwitchedOff_IsRefused()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { RelaysUdp = false, RelaysTcp = false });
        run.Alice.Allocate().Are("403 Allocate MI", "next none");
        using TurnTestClient stream = run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        stream.AllocateTcp().Are("442 Allocate MI256", "next none");
    }

    // RFC 8656 section 7.2, check 4: where DF cannot be set the attribute is unknown, and RFC 8489 section 6.3.1 names it.
    [Fact]
    public void Allocate_DontFragmentUnsupported_Responds420()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { SupportsDontFragment = false });
        run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddDontFragment()).Are("420 Allocate 000A=001A MI", "next none");
    }

    [Fact]
    public void Allocate_DontFragmentSupported_Succeeds()
        => _run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddDontFragment()).Expect(200);

    // RFC 8489 section 6.3.1: each once, in order, and optional ones not. security.md A37, A38, T64: MOBILITY-TICKET and ORIGIN are optional,
    // ACCESS-TOKEN is not.
    [Fact]
    public void Allocate_UnknownAttributes_Responds420WithTheRequiredOnes() => _run.Alice.Allocate(static (ref StunMessageWriter writer) =>
    {
        writer.Add((StunAttributeType)0x0000, [1]);
        writer.Add((StunAttributeType)0x8030, []);
        writer.Add((StunAttributeType)0x802F, [1, 2, 3]);
        writer.Add((StunAttributeType)0x001B, [1, 2, 3]);
        writer.Add((StunAttributeType)0x7FFF, []);
        writer.Add((StunAttributeType)0x001B, []);
    }).Are("420 Allocate 000A=0000001B7FFF MI", "next none");

    // security.md A37.
    [Fact]
    public void Allocate_AHundredOptionalUnknownAttributes_Succeeds() => _run.Alice.Allocate(static (ref StunMessageWriter writer) =>
    {
        for (int i = 0; i < 100; i++)
        {
            writer.Add((StunAttributeType)(0xC100 + (i * 7)), [(byte)i]);
        }
    }).Expect(200);

    // security.md section 2: UNKNOWN-ATTRIBUTES is bounded.
    [Fact]
    public void Allocate_AHundredRequiredUnknownAttributes_NamesThirtyTwo()
    {
        TurnOutputs outputs = _run.Alice.Allocate(static (ref StunMessageWriter writer) =>
        {
            for (int i = 0; i < 100; i++)
            {
                writer.Add((StunAttributeType)(0x4000 + i), []);
            }
        }).Expect(420);
        Assert.Equal(64, outputs.Find(StunAttributeType.UnknownAttributes)!.Length);
    }

    // RFC 8656 section 7.2: the lower of what is asked for and the maximum, but never below the default. security.md A22.
    [Theory]
    [InlineData(0, 600)]
    [InlineData(1, 600)]
    [InlineData(599, 600)]
    [InlineData(600, 600)]
    [InlineData(601, 601)]
    [InlineData(3599, 3599)]
    [InlineData(3600, 3600)]
    [InlineData(3601, 3600)]
    [InlineData(0x7FFFFFFF, 3600)]
    [InlineData(0xFFFFFFFF, 3600)]
    public void Allocate_Lifetime_IsClamped(uint asked, uint granted)
    {
        TurnOutputs outputs = _run.Alice.Allocate((ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromSeconds(asked)));
        Assert.Equal(granted, outputs.Lifetime);
        Assert.Equal($"next {granted}", outputs.Lines[^1]);
    }

    // security.md V6: no attribute behind MESSAGE-INTEGRITY is seen (RFC 8489 section 14.5).
    [Fact]
    public void Allocate_AttributesBehindIntegrity_AreNotSeen()
    {
        _run.Alice.Learn();
        byte[] request = _run.Alice.Build(StunMethod.Allocate, static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp));
        request = TurnTestClient.Append(request, StunAttributeType.Lifetime, 0, 0, 0x0B, 0xB8);
        request = TurnTestClient.Append(request, StunAttributeType.EvenPort, 0x80);
        request = TurnTestClient.Append(request, (StunAttributeType)0x7FFF);
        Assert.Equal(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 MI",
            _run.Alice.Deliver(request).Lines[0]);
    }

    // security.md V6: REQUESTED-TRANSPORT that only stands behind MESSAGE-INTEGRITY is missing.
    [Fact]
    public void Allocate_TransportBehindIntegrity_IsMissing()
    {
        _run.Alice.Learn();
        byte[] request = TurnTestClient.Append(_run.Alice.Build(StunMethod.Allocate), Transport, 17, 0, 0, 0);
        _run.Alice.Deliver(request).Are("400 Allocate MI", "next none");
    }

    // RFC 8656 section 7.2: attributes of a wrong length are no attributes to go on with. security.md A25, A26, A30.
    [Theory]
    [InlineData(StunAttributeType.Lifetime, "000258")]
    [InlineData(StunAttributeType.Lifetime, "0000025800")]
    [InlineData(StunAttributeType.EvenPort, "")]
    [InlineData(StunAttributeType.EvenPort, "8000")]
    [InlineData(StunAttributeType.ReservationToken, "00000000000000")]
    [InlineData(StunAttributeType.ReservationToken, "000000000000000000")]
    [InlineData(StunAttributeType.DontFragment, "00000000")]
    [InlineData(StunAttributeType.RequestedAddressFamily, "010000")]
    [InlineData(StunAttributeType.AdditionalAddressFamily, "02")]
    public void Allocate_AttributeOfAWrongLength_Responds400(StunAttributeType type, string value)
        => _run.Alice.Allocate((ref StunMessageWriter writer) => writer.Add(type, Convert.FromHexString(value))).Are("400 Allocate MI", "next none");

    // RFC 8656 section 7.2, check 7. security.md A27: families that do not exist, and reserved bits.
    [Theory]
    [InlineData("01000000", 200)]
    [InlineData("01FFFFFF", 200)]
    [InlineData("02000000", 200)]
    [InlineData("00000000", 440)]
    [InlineData("03000000", 440)]
    [InlineData("FF000000", 440)]
    [InlineData("00000102", 440)]
    public void Allocate_RequestedFamily_IsJudged(string value, int code) => _run.Alice.Allocate(
        (ref StunMessageWriter writer) => writer.Add(StunAttributeType.RequestedAddressFamily, Convert.FromHexString(value))).Expect(code);

    // RFC 8656 section 7.2, check 7.
    [Fact]
    public void Allocate_IPv6_GetsAnIPv6Address() => _run.Alice.AllocateFamily(StunAddressFamily.IPv6).Are(
        "200 Allocate relayed=[2001:db8::1]:49152 lifetime=600 mapped=198.51.100.7:40000 MI",
        "created alice [2001:db8::1]:49152 Udp",
        "open 1 Udp [2001:db8::1]:49152",
        "next 600");

    // RFC 8656 section 7.2, check 7: without REQUESTED-ADDRESS-FAMILY it is IPv4, even for a client over IPv6.
    [Fact]
    public void Allocate_ClientOverIPv6_GetsAnIPv4Address()
    {
        using TurnTestClient client = _run.Client("alice", Endpoints.Alice6);
        Assert.Equal(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=[2001:db8:7::7]:40000 MI",
            client.Allocate().Lines[0]);
    }

    // RFC 8656 section 7.2, check 7, both sentences.
    [Fact]
    public void Allocate_FamilyThatIsNotServed_Responds440()
    {
        using var only4 = new TurnServerRun(TurnServerRun.Options with { RelayAddresses = [new RelayAddress(Endpoints.Relay)] });
        only4.Alice.AllocateFamily(StunAddressFamily.IPv6).Are("440 Allocate MI", "next none");
        using var only6 = new TurnServerRun(TurnServerRun.Options with { RelayAddresses = [new RelayAddress(Endpoints.Relay6)] });
        only6.Alice.Allocate().Are("440 Allocate MI", "next none");
        only6.Alice.AllocateFamily(StunAddressFamily.IPv6).Expect(200);
    }

    // RFC 8656 section 7.2, check 5: RESERVATION-TOKEN goes with none of these, whether the token is good or not. Check 6. Check 8. Check 9.
    [Theory]
    [InlineData(true, 0, false, 0, 0, 508)]
    [InlineData(true, 1, false, 0, 0, 400)]
    [InlineData(true, 2, false, 0, 0, 400)]
    [InlineData(true, 0, true, 0, 0, 400)]
    [InlineData(true, 0, false, 2, 0, 400)]
    [InlineData(false, 0, true, 2, 0, 400)]
    [InlineData(false, 2, false, 2, 0, 400)]
    [InlineData(false, 1, false, 2, 0, 200)]
    [InlineData(false, 0, false, 1, 0, 400)]
    [InlineData(false, 0, false, 0xFF, 0, 400)]
    [InlineData(false, 0, false, 2, 0, 200)]
    [InlineData(false, 0, true, 0, 0, 200)]
    [InlineData(true, 1, true, 2, 99, 442)]
    public void Allocate_Combination_IsJudged(bool token, int even, bool requested, byte additional, byte protocol, int code)
        => _run.Alice.Request(StunMethod.Allocate, (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(protocol == 0 ? RelayProtocol.Udp : (RelayProtocol)protocol);
            if (token)
            {
                writer.AddReservationToken(new ReservationToken(4711));
            }

            if (even != 0)
            {
                writer.AddEvenPort(even == 2);
            }

            if (requested)
            {
                writer.AddRequestedAddressFamily(StunAddressFamily.IPv4);
            }

            if (additional != 0)
            {
                writer.AddAdditionalAddressFamily((StunAddressFamily)additional);
            }
        }).Expect(code);

    // RFC 8656 section 5: SOFTWARE where the operator wants it; by default nobody is told.
    [Fact]
    public void Allocate_SoftwareConfigured_IsInSuccesses()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { Software = "stack 1" });
        run.Alice.Learn();
        Assert.EndsWith("mapped=198.51.100.7:40000 software=stack 1 MI", run.Alice.Allocate().Lines[0], StringComparison.Ordinal);
        Assert.Equal("200 Refresh lifetime=600 software=stack 1 MI", run.Alice.Refresh().Lines[0]);
        Assert.Equal("200 CreatePermission MI", run.Alice.Permit(Endpoints.Peer).Lines[0]);
    }

    // What the client is told is the address outside; sockets are bound to the one inside.
    [Fact]
    public void Allocate_RelayBehindNat_AdvertisesTheAddressOutside()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with
        {
            RelayAddresses = [new RelayAddress(PeerAddresses.Address("10.0.0.4"), Endpoints.Relay)],
        });
        run.Alice.Allocate().Are(
            "200 Allocate relayed=203.0.113.1:49152 lifetime=600 mapped=198.51.100.7:40000 MI",
            "created alice 203.0.113.1:49152 Udp",
            "open 1 Udp 10.0.0.4:49152",
            "next 600");
    }
}
