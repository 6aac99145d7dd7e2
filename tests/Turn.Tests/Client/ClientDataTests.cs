using System;
using Stack.Stun;
using Stack.TestKit;
using Xunit;
using static Stack.Turn.Tests.ClientScene;

namespace Stack.Turn.Tests;

/// <summary>RFC 8656 sections 11 and 12 from the client's side: data, both ways; security.md section 5.4.</summary>
public sealed class ClientDataTests
{
    private static readonly ClientAllocationOptions Options = new() { Credential = Credential };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frame_WithoutAChannel_IsASendIndication(bool dontFragment)
    {
        using ClientScene scene = Allocated(Options with { DontFragment = true }).Permit();
        byte[] message = Frame(scene, [1, 2, 3], dontFragment ? SendForm.IndicationWithoutFragments : SendForm.Shortest, SendStatus.Indication);
        StunMessage sent = Decode(message);
        Assert.Equal((StunMethod.Send, StunClass.Indication), (sent.Method, sent.Class));
        sent.ReadXorPeerAddress(out TransportAddress peer);
        sent.ReadData(out ReadOnlySpan<byte> data);
        Assert.Equal(Peer, peer);
        Assert.Equal("010203", Convert.ToHexString(data));
        Assert.Equal(dontFragment ? StunAttributeStatus.Present : StunAttributeStatus.Absent, sent.ReadDontFragment());
        Assert.Equal(0, message[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1200)]
    public void Frame_ToAnIPv6Peer_IsWellFormed(int length)
    {
        using var scene = new ClientScene(Options with { Family = StunAddressFamily.IPv6, DontFragment = true });
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => scene.Answer(request, StunClass.SuccessResponse, static (ref StunMessageWriter writer) => writer.AddXorRelayedAddress(Relayed6)));
        TransportAddress peer = Address("[2001:db8::9]:7000");
        scene.Permit(peer);
        foreach (SendForm form in (SendForm[])[SendForm.Shortest, SendForm.IndicationWithoutFragments])
        {
            StunMessage sent = Decode(Frame(scene, new byte[length], form, SendStatus.Indication, peer));
            sent.ReadXorPeerAddress(out TransportAddress to);
            sent.ReadData(out ReadOnlySpan<byte> data);
            Assert.Equal((peer, length), (to, data.Length));
        }
    }

    [Theory]
    [InlineData(StunTransport.Udp, "40000003010203")]
    [InlineData(StunTransport.Tcp, "4000000301020300")]
    public void Frame_WithAChannel_IsChannelDataPaddedOnStreams(StunTransport transport, string expected)
    {
        using ClientScene scene = Allocated(Options with { Transport = transport }).Bind();
        Assert.Equal(expected, Convert.ToHexString(Frame(scene, [1, 2, 3], SendForm.Shortest, SendStatus.ChannelData)));
        Assert.Equal(StunMethod.Send, Decode(Frame(scene, [1, 2, 3], SendForm.Indication, SendStatus.Indication)).Method);
    }

    [Fact]
    public void Frame_WithoutAPermission_IsRefused()
    {
        using ClientScene scene = Allocated();
        Frame(scene, [1], SendForm.Shortest, SendStatus.NoPermission);
        scene.Allocation.Permit(Peer, scene.Now);
        Frame(scene, [1], SendForm.Shortest, SendStatus.NoPermission);
        using var before = new ClientScene(Options);
        Frame(before, [1], SendForm.Shortest, SendStatus.NoAllocation);
    }

    // The indication is right behind the request: a server that reads them in order relays it.
    [Fact]
    public void Frame_EarlyWithAPermissionAskedFor_IsASendIndication()
    {
        using ClientScene scene = Allocated();
        Frame(scene, [1], SendForm.Early, SendStatus.NoPermission);
        scene.Allocation.Permit(Peer, scene.Now);
        Assert.Equal(StunMethod.Send, Decode(Frame(scene, [1], SendForm.Early, SendStatus.Indication)).Method);
        Frame(scene, [1], SendForm.Early, SendStatus.NoPermission, Address("203.0.113.10:7000"));

        // Refused by the server: not asked for any more.
        Assert.Single(scene.Serve(request => scene.Refuse(request, StunErrorCode.Forbidden)));
        Frame(scene, [1], SendForm.Early, SendStatus.NoPermission);
        using ClientScene bound = Allocated().Bind();
        Frame(bound, [1], SendForm.Early, SendStatus.ChannelData);
    }

    [Fact]
    public void Frame_EarlyBeyondTheRequestsInFlight_WaitsForItsOwn()
    {
        using ClientScene scene = Allocated();
        for (int i = 1; i <= 11; i++)
        {
            scene.Allocation.Permit(Address($"203.0.113.{i}:1"), scene.Now);
        }

        Frame(scene, [1], SendForm.Early, SendStatus.Indication, Address("203.0.113.10:1"));
        Frame(scene, [1], SendForm.Early, SendStatus.NoPermission, Address("203.0.113.11:1"));
    }

    [Fact]
    public void Frame_TooLong_IsRefused()
    {
        using ClientScene udp = Allocated().Permit();
        Frame(udp, new byte[65507 - 36 - 3], SendForm.Shortest, SendStatus.Indication);
        Frame(udp, new byte[65507 - 36 + 1], SendForm.Shortest, SendStatus.TooLong);
        using ClientScene tcp = Allocated(Options with { Transport = StunTransport.Tls }).Bind();
        Frame(tcp, new byte[65535], SendForm.Shortest, SendStatus.ChannelData);
        Frame(tcp, new byte[65536], SendForm.Shortest, SendStatus.TooLong);
    }

    [Fact]
    public void Frame_DontFragmentThatWasNotAskedFor_IsTheCallersMistake()
    {
        using ClientScene scene = Allocated().Permit();
        Assert.Throws<ArgumentException>(() => Frame(scene, [1], SendForm.IndicationWithoutFragments, SendStatus.Indication));
        Assert.Throws<ArgumentException>(() => scene.Allocation.TryFrame(new byte[60], 10, Peer, SendForm.Shortest, scene.Now, out _));
    }

    [Fact]
    public void Frame_AndReceive_AllocateNothing()
    {
        using ClientScene scene = Allocated().Permit().Bind(Peer.WithPort(1));
        byte[] buffer = new byte[1400];
        byte[] indication = scene.Data(Peer, new byte[500]);
        byte[] channelData = [0x40, 0, 0, 4, 1, 2, 3, 4];
        long bytes = Allocations.Measure(() =>
        {
            scene.Allocation.TryFrame(buffer, 1000, Peer, SendForm.Shortest, scene.Now, out _);
            scene.Allocation.TryFrame(buffer, 1000, Peer.WithPort(1), SendForm.Shortest, scene.Now, out _);
            scene.Allocation.HandleDatagram(indication, Server, scene.Now, out _);
            scene.Allocation.HandleDatagram(channelData, Server, scene.Now, out _);
        });
        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Data_OfAPermittedPeer_IsWhereItStands()
    {
        using ClientScene scene = Allocated().Permit();
        byte[] bytes = scene.Data(Peer.WithPort(9), 5, 6, 7);
        Assert.Equal(ClientDisposition.PeerData, scene.Allocation.HandleDatagram(bytes, Server, scene.Now, out PeerPayload data));
        Assert.Equal(Peer.WithPort(9), data.Peer);
        Assert.Equal("050607", Convert.ToHexString(bytes.AsSpan(data.Offset, data.Length)));
        Assert.Equal(ClientDisposition.PeerData, scene.Allocation.HandleDatagram(scene.Data(Peer), Server, scene.Now, out data));
        Assert.Equal(0, data.Length);
    }

    [Fact]
    public void C01_DataFromAnotherSource_IsIgnored()
    {
        using ClientScene scene = Allocated().Permit().Bind();
        Assert.Equal(ClientDisposition.WrongSource, scene.Deliver(scene.Data(Peer, 1), Address("192.0.2.1:3479")));
        Assert.Equal(ClientDisposition.WrongSource, scene.Deliver([0x40, 0, 0, 0], Peer));
    }

    [Fact]
    public void C12_DataWithoutAPermission_IsDropped()
    {
        using ClientScene scene = Allocated().Permit();
        Assert.Equal(ClientDisposition.NoPermission, scene.Deliver(scene.Data(Address("203.0.113.10:7000"), 1)));
        Assert.Equal(ClientDisposition.Incomplete, scene.Deliver(scene.Indication(StunMethod.Data, static (ref StunMessageWriter w) => w.AddXorPeerAddress(Peer))));
        Assert.Equal(ClientDisposition.Incomplete, scene.Deliver(scene.Indication(StunMethod.Data, static (ref StunMessageWriter w) => w.AddData([1]))));
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void C12_DataTwice_TheFirstCounts()
    {
        using ClientScene scene = Allocated().Permit();
        byte[] bytes = scene.Indication(StunMethod.Data, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Peer);
            writer.AddData([1, 1]);
            writer.AddData([2]);
        });
        Assert.Equal(ClientDisposition.PeerData, scene.Allocation.HandleDatagram(bytes, Server, scene.Now, out PeerPayload data));
        Assert.Equal("0101", Convert.ToHexString(bytes.AsSpan(data.Offset, data.Length)));
    }

    [Fact]
    public void Data_BeforeTheAnswerToCreatePermission_Counts()
    {
        using ClientScene scene = Allocated();
        scene.Allocation.Permit(Peer, scene.Now);
        scene.Transmits();
        Assert.Equal(ClientDisposition.PeerData, scene.Deliver(scene.Data(Peer, 1)));
    }

    [Fact]
    public void ChannelData_BeforeTheAnswerToChannelBind_Counts()
    {
        using ClientScene scene = Allocated();
        Assert.Equal(ClientDisposition.NoChannel, scene.Deliver([0x40, 0, 0, 0]));
        scene.Allocation.BindChannel(Peer, scene.Now);
        scene.Transmits();
        Assert.Equal(ClientDisposition.PeerData, scene.Deliver([0x40, 0, 0, 0]));
        Assert.Equal(ClientDisposition.Malformed, scene.Deliver([0x40, 0, 0, 1]));
        Assert.Equal(ClientDisposition.NoChannel, scene.Deliver([0x40, 1, 0, 0]));
    }

    [Fact]
    public void Icmp_OfAPermittedPeer_IsAnEvent()
    {
        using ClientScene scene = Allocated().Permit();
        var error = new IcmpError(3, 4, 1280);
        Assert.Equal(ClientDisposition.Reported, scene.Deliver(Icmp(scene, Peer, error)));
        ClientAllocationEvent happened = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.IcmpError, Peer, error), (happened.Kind, happened.Peer, happened.Icmp));
        Assert.Equal(ClientDisposition.NoPermission, scene.Deliver(Icmp(scene, Address("203.0.113.10:1"), error)));
    }

    [Fact]
    public void Icmp_Flood_IsBounded()
    {
        using ClientScene scene = Allocated().Permit();
        for (int i = 0; i < 1000; i++)
        {
            scene.Deliver(Icmp(scene, Peer, new IcmpError(3, 3, 0)));
        }

        Assert.Equal(64, scene.Events().Count);
    }

    [Fact]
    public void Garbage_ChangesNothing()
    {
        using ClientScene scene = Allocated().Permit().Bind();
        Instant? next = scene.Allocation.NextTimeout;
        var random = new SeededRandom(3);
        byte[][] seeds = [scene.Data(Peer, 1, 2), [0x40, 0, 0, 1, 9], scene.Grant(Refreshing()), Icmp(scene, Peer, default)];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = (byte[])seeds[i % seeds.Length].Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            scene.Deliver(random.Chance(0.3) ? bytes[..random.Next(bytes.Length)] : bytes);
            Assert.DoesNotContain(scene.Events(), static happened => happened.Kind is not ClientAllocationEventKind.IcmpError);
        }

        Assert.Equal(next, scene.Allocation.NextTimeout);
        Assert.Empty(scene.Transmits());

        byte[] Refreshing()
        {
            using ClientScene other = Allocated();
            other.Allocation.Refresh(other.Now);
            return other.Transmits()[0];
        }
    }

    [Fact]
    public void Indication_WithAnUnknownRequiredAttribute_IsDropped()
    {
        using ClientScene scene = Allocated().Permit();
        Assert.Equal(ClientDisposition.Incomplete, scene.Deliver(scene.Indication(StunMethod.Data, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Peer);
            writer.AddData([1]);
            writer.AddFlag((StunAttributeType)0x7001);
        })));
        Assert.Equal(ClientDisposition.NotExpected, scene.Deliver(scene.Indication(StunMethod.Send, static (ref StunMessageWriter writer) => writer.AddData([1]))));
    }

    private static byte[] Icmp(ClientScene scene, TransportAddress peer, IcmpError error) => scene.Indication(StunMethod.Data, (ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(peer);
        writer.AddIcmp(error);
    });

    private static byte[] Frame(ClientScene scene, byte[] payload, SendForm form, SendStatus expected, TransportAddress? peer = null)
    {
        byte[] buffer = new byte[ClientAllocation.PayloadOffset + payload.Length + ClientAllocation.PayloadPadding];
        Array.Fill(buffer, (byte)0xA5);
        payload.CopyTo(buffer, ClientAllocation.PayloadOffset);
        Assert.Equal(expected, scene.Allocation.TryFrame(buffer, payload.Length, peer ?? Peer, form, scene.Now, out Range message));
        return buffer[message];
    }
}
