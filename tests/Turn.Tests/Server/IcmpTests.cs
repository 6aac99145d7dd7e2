using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>ICMP errors of datagrams to peers (RFC 8656 section 11.5).</summary>
public sealed class IcmpTests : IDisposable
{
    private const string ToAlice = " -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp";

    private readonly TurnServerRun _run = new();

    public IcmpTests()
    {
        _run.Alice.AllocateDual().Expect(200);
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
    }

    public void Dispose() => _run.Dispose();

    // RFC 8656 section 18.13 with erratum 8901: type and code have eight bits each, the rest is the MTU.
    [Fact]
    public void Icmp_Unreachable_ComesInAnIndication() => _run.Icmp(1, Endpoints.Peer, 3, 3)
        .Are($"Indication Data peer=5.6.7.8:7000 8004=0000030300000000{ToAlice}", "next 600");

    // RFC 8656 section 11.5: types 3 and 11 of ICMPv4; 1, 2 and 3 of ICMPv6.
    [Theory]
    [InlineData(1, 3, true)]
    [InlineData(1, 11, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 4, false)]
    [InlineData(1, 5, false)]
    [InlineData(1, 8, false)]
    [InlineData(1, 12, false)]
    [InlineData(1, 255, false)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, true)]
    [InlineData(2, 0, false)]
    [InlineData(2, 4, false)]
    [InlineData(2, 11, false)]
    [InlineData(2, 128, false)]
    public void Icmp_Type_IsJudgedByTheFamily(int relay, byte type, bool forwarded)
    {
        TurnOutputs outputs = _run.Icmp(relay, relay == 1 ? Endpoints.Peer : Endpoints.Peer6, type, 0);
        Assert.Equal(forwarded ? TurnServerDisposition.Relayed : TurnServerDisposition.Malformed, outputs.Disposition);
    }

    // RFC 8656 section 18.13: the MTU for these two, and MUST be zero for all others.
    [Theory]
    [InlineData(1, 3, 4, "0000030400000578")]
    [InlineData(1, 3, 3, "0000030300000000")]
    [InlineData(1, 11, 4, "00000B0400000000")]
    [InlineData(2, 2, 0, "0000020000000578")]
    [InlineData(2, 2, 9, "0000020900000578")]
    [InlineData(2, 1, 4, "0000010400000000")]
    [InlineData(2, 3, 0, "0000030000000000")]
    public void Icmp_ErrorData_IsTheMtuOrZero(int relay, byte type, byte code, string expected)
        => Assert.Equal(
            expected,
            Convert.ToHexString(_run.Icmp(relay, relay == 1 ? Endpoints.Peer : Endpoints.Peer6, type, code, 1400).Find(StunAttributeType.Icmp)!));

    // RFC 8656 section 11.5: the port is zero where the system does not tell it, and never counts.
    [Fact]
    public void Icmp_PortUnknown_IsZero()
        => _run.Icmp(1, Endpoints.Of("5.6.7.8:0"), 3, 1).Are($"Indication Data peer=5.6.7.8:0 8004=0000030100000000{ToAlice}", "next 600");

    // RFC 8656 section 11.5: the destination of the datagram must be permitted.
    [Fact]
    public void Icmp_NoPermission_IsDropped()
    {
        _run.Icmp(1, Endpoints.Of("5.6.7.9:7000"), 3, 1).AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Icmp(1, Endpoints.Peer6, 3, 1).AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Icmp(9, Endpoints.Peer, 3, 1).AreSilent(TurnServerDisposition.NoAllocation, "next 600");
    }

    // RFC 8656 section 12.5: a Data indication, even where a channel is bound.
    [Fact]
    public void Icmp_ChannelBound_ComesInAnIndication()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Icmp(1, Endpoints.Peer, 11, 1).Are($"Indication Data peer=5.6.7.8:7000 8004=00000B0100000000{ToAlice}", "next 600");
    }

    // security.md T56: a storm of them costs the client's budget and nothing else.
    [Fact]
    public void Icmp_Storm_EndsNothing()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _run.Icmp(1, Endpoints.Peer, 3, 3);
        }

        _run.Alice.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").Are($"Indication Data peer=5.6.7.8:7000 data=x{ToAlice}", "next 600");
    }

    // And no more goes to the client than his bandwidth.
    [Fact]
    public void Icmp_Bandwidth_IsTheClients()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { BytesPerSecondPerAllocation = 100 }));
        run.Alice.Allocate().Expect(200);
        run.Alice.Permit(Endpoints.Peer).Expect(200);
        Assert.Equal(TurnServerDisposition.Relayed, run.Icmp(1, Endpoints.Peer, 3, 3).Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, run.Icmp(1, Endpoints.Peer, 3, 3).Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, run.Icmp(1, Endpoints.Peer, 3, 3).Disposition);
        Assert.Equal(TurnServerDisposition.OverBandwidth, run.Icmp(1, Endpoints.Peer, 3, 3).Disposition);
    }
}
