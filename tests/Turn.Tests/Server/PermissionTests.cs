using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>CreatePermission and what permissions do (RFC 8656 sections 9 and 10.2).</summary>
public sealed class PermissionTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public PermissionTests() => _run.Alice.Allocate().Expect(200);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Permit_Peer_AddsNoAttribute() => _run.Alice.Permit(Endpoints.Peer).Are("200 CreatePermission MI", "next 600");

    // RFC 8656 section 9: the address counts, ports do not; section 10.2: the port of the attribute is ignored, even 0. security.md T25.
    [Theory]
    [InlineData("5.6.7.8:0")]
    [InlineData("5.6.7.8:53")]
    [InlineData("5.6.7.8:65535")]
    public void Permission_Address_HoldsForEveryPort(string permitted)
    {
        _run.Alice.Permit(permitted).Expect(200);
        _run.FromPeer(1, Endpoints.Of("5.6.7.8:1"), "x").Are("Indication Data peer=5.6.7.8:1 data=x -> 198.51.100.7:40000 -> 203.0.113.5:3478 Udp", "next 600");
        _run.Alice.Send(Endpoints.Of("5.6.7.8:9999"), "x").Are("1 -> 5.6.7.8:9999 'x'", "next 600");
        _run.FromPeer(1, Endpoints.Of("5.6.7.9:7000"), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // RFC 8656 section 9: 300 seconds, exactly. security.md T34.
    [Fact]
    public void Permission_AfterThreeHundredSeconds_IsGone()
    {
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Skip(299.999);
        Assert.Equal(TurnServerDisposition.Relayed, _run.FromPeer(1, Endpoints.Peer, "x").Disposition);
        Assert.Equal(TurnServerDisposition.Relayed, _run.Alice.Send(Endpoints.Peer, "x").Disposition);
        _run.Skip(0.001);
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Alice.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Icmp(1, Endpoints.Peer, 3, 1).AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // RFC 8656 sections 9 and 11.2: only CreatePermission and ChannelBind refresh it, data of neither direction does.
    [Fact]
    public void Permission_Data_DoesNotRefreshIt()
    {
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        for (int i = 0; i < 299; i++)
        {
            _run.Skip(1);
            Assert.Equal(TurnServerDisposition.Relayed, _run.FromPeer(1, Endpoints.Peer, "x").Disposition);
            Assert.Equal(TurnServerDisposition.Relayed, _run.Alice.Send(Endpoints.Peer, "x").Disposition);
        }

        _run.Skip(1);
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Permission_AskedForAgain_LastsFromThen(bool byChannel)
    {
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Skip(250);
        (byChannel ? _run.Alice.Bind(0x4000, Endpoints.Peer) : _run.Alice.Permit(Endpoints.Peer)).Expect(200);
        _run.Skip(299.9);
        Assert.Equal(TurnServerDisposition.Relayed, _run.FromPeer(1, Endpoints.Peer, "x").Disposition);
        _run.Skip(0.1);
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // RFC 8656 section 9: a refresh of the allocation is none of its permissions.
    [Fact]
    public void Permission_RefreshOfTheAllocation_DoesNotRefreshIt()
    {
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.Skip(299);
        _run.Alice.Refresh().Expect(200);
        _run.Skip(1);
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 899");
    }

    // RFC 8656 section 10.2: no such attribute, or an invalid one among good ones: 400, and none is installed.
    [Theory]
    [InlineData("")]
    [InlineData("0001")]
    [InlineData("00011B580506070")]
    [InlineData("00031B58050607080506070805060708")]
    [InlineData("00001B5805060708")]
    [InlineData("00021B5805060708")]
    [InlineData("00FF1B5805060708")]
    [InlineData("00011B58050607080506070805060708AABBCCDD")]
    public void Permit_MalformedPeer_Responds400(string value)
    {
        byte[] bytes = Convert.FromHexString(value.Length % 2 == 0 ? value : value[..^1]);
        _run.Alice.Request(StunMethod.CreatePermission, (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.Add(StunAttributeType.XorPeerAddress, bytes);
        }).Are("400 CreatePermission MI", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    [Fact]
    public void Permit_NoPeer_Responds400() => _run.Alice.Request(StunMethod.CreatePermission).Are("400 CreatePermission MI", "next 600");

    // RFC 8656 section 10.2. security.md T18.
    [Fact]
    public void Permit_OtherFamily_Responds443AndInstallsNone()
    {
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Are("443 CreatePermission MI", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Bob.AllocateFamily(StunAddressFamily.IPv6).Expect(200);
        _run.Bob.Permit(Endpoints.Peer).Expect(443);
        _run.Bob.Permit(Endpoints.Peer6).Expect(200);
    }

    // RFC 8656 section 10.2; security.md section 2: all or none. T15, T17 and T20: what nobody but the operator may reach.
    [Theory]
    [InlineData("0.0.0.0:7000")]
    [InlineData("127.0.0.1:7000")]
    [InlineData("10.1.2.3:7000")]
    [InlineData("169.254.169.254:80")]
    [InlineData("100.100.100.200:80")]
    [InlineData("192.0.0.192:80")]
    [InlineData("168.63.129.16:80")]
    [InlineData("203.0.113.5:3478")]
    [InlineData("224.0.0.1:7000")]
    [InlineData("255.255.255.255:7000")]
    public void Permit_ForbiddenPeer_Responds403AndInstallsNone(string peer)
    {
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Of(peer)).Are("403 CreatePermission MI", "next 600");
        _run.FromPeer(1, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Alice.Bind(0x4000, peer).Are("403 ChannelBind MI", "next 600");
    }

    // security.md V2, T15, T17 on IPv6.
    [Theory]
    [InlineData("[::]:7000")]
    [InlineData("[::1]:7000")]
    [InlineData("[::ffff:127.0.0.1]:7000")]
    [InlineData("[::127.0.0.1]:7000")]
    [InlineData("[::ffff:0:127.0.0.1]:7000")]
    [InlineData("[2002:7f00:1::]:7000")]
    [InlineData("[64:ff9b::7f00:1]:7000")]
    [InlineData("[fd00:ec2::254]:80")]
    [InlineData("[fd20:ce::254]:80")]
    [InlineData("[fe80::1]:7000")]
    [InlineData("[ff02::1]:7000")]
    [InlineData("[2001:db8::5]:3478")]
    public void Permit_ForbiddenIPv6Peer_Responds403(string peer)
    {
        _run.Bob.AllocateDual().Expect(200);
        _run.Bob.Permit(Endpoints.Peer, Endpoints.Of(peer)).Are("403 CreatePermission MI", "next 600");
        _run.Bob.Bind(0x4000, peer).Are("403 ChannelBind MI", "next 600");
        _run.FromPeer(2, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // security.md section 2, T12: 16 in one request.
    [Theory]
    [InlineData(1, 200)]
    [InlineData(16, 200)]
    [InlineData(17, 508)]
    public void Permit_ManyPeers_AreCounted(int count, int code)
    {
        PeerAddress[] peers = Peers(0, count);
        _run.Alice.Permit(peers).Expect(code);
        TurnServerDisposition expected = code == 200 ? TurnServerDisposition.Relayed : TurnServerDisposition.NoPermission;
        Assert.All(peers, peer => Assert.Equal(expected, _run.FromPeer(1, peer, "x").Disposition));
    }

    // security.md section 2, V37, T42: 128 of one allocation; a request that does not fit installs none of its peers.
    [Fact]
    public void Permissions_HundredAndTwentyNinth_Responds508()
    {
        for (int i = 0; i < 7; i++)
        {
            _run.Alice.Permit(Peers(i * 16, 16)).Expect(200);
        }

        _run.Alice.Permit(Peers(112, 15)).Expect(200);
        _run.Alice.Permit(Peers(127, 2)).Are("508 CreatePermission MI", "next 600");
        _run.FromPeer(1, Peers(127, 1)[0], "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Alice.Permit(Peers(127, 1)).Expect(200);
        _run.Alice.Permit(Peers(128, 1)).Are("508 CreatePermission MI", "next 600");
        _run.Alice.Bind(0x4000, Peers(128, 1)[0]).Are("508 ChannelBind MI", "next 600");

        // Those that are there are refreshed, and a channel to one of them fits.
        _run.Alice.Permit(Peers(0, 16)).Expect(200);
        _run.Alice.Bind(0x4000, Peers(3, 1)[0]).Expect(200);

        // And what has expired makes room.
        _run.Skip(300);
        _run.Alice.Permit(Peers(200, 16)).Expect(200);
        _run.Alice.Refresh().Expect(200);
    }

    // One that is named twice needs room once.
    [Fact]
    public void Permit_PeerNamedTwice_CountsOnce()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { PermissionsPerAllocation = 1 }));
        run.Alice.Allocate().Expect(200);
        run.Alice.Permit("5.6.7.8:1", "5.6.7.8:2").Expect(200);
        run.Alice.Permit("5.6.7.9:1").Expect(508);
    }

    // RFC 8656 section 6: permissions are of one allocation. security.md T06.
    [Fact]
    public void Permission_OfAnotherAllocation_DoesNotCount()
    {
        _run.Bob.Allocate().Expect(200);
        _run.Alice.Permit(Endpoints.Peer).Expect(200);
        _run.FromPeer(2, Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Bob.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // RFC 8656 section 5: 437 without an allocation.
    [Fact]
    public void Permit_NoAllocation_Responds437() => _run.Bob.Permit(Endpoints.Peer).Are("437 CreatePermission MI", "next 600");

    // security.md T20: the own endpoint is refused with its port; another port of a relay address is judged at Send.
    [Fact]
    public void Permit_RelayAddress_IsGrantedAndPortsAreJudgedLater()
    {
        _run.Alice.Permit(new PeerAddress(Endpoints.Relay)).Expect(200);
        _run.Alice.Send(new PeerAddress(Endpoints.Relay.WithPort(50000)), "x").AreSilent(TurnServerDisposition.ForbiddenPeer, "next 600");
    }

    // security.md section 2: who was permitted stands in the audit line, up to 32, without ports.
    [Fact]
    public void Permissions_AreNotedForTheAudit()
    {
        foreach (int first in (int[])[0, 16, 32])
        {
            _run.Alice.Permit(Peers(first, 16)).Expect(200);
        }

        _run.Alice.Refresh(0).Expect(200);
        IReadOnlyList<TransportAddress> peers = Assert.IsType<AllocationEnded>(_run.LastEvent).Peers;
        Assert.Equal(Peers(0, 32).Select(static peer => peer.Value.WithPort(0)), peers);
    }

    private static PeerAddress[] Peers(int first, int count)
        => [.. Enumerable.Range(first, count).Select(static i => new PeerAddress(TransportAddress.FromIPv4(0x08000001 + (uint)i, 7000)))];
}
