using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Turn.Tests.ClientScene;

namespace Stack.Turn.Tests;

/// <summary>RFC 8656 sections 9, 10 and 12 from the client's side: permissions and channels.</summary>
public sealed class ClientPeerTests
{
    [Fact]
    public void Permission_IsRefreshedAfterFourMinutes()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        scene.Allocation.Permit(Peer, scene.Now);
        Assert.False(scene.Allocation.IsPermitted(Peer));
        Assert.Equal([StunMethod.CreatePermission], scene.Serve().Select(Method));
        ClientAllocationEvent installed = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.PermissionInstalled, Peer.WithPort(0)), (installed.Kind, installed.Peer));
        Assert.Equal(scene.In(240), scene.Allocation.NextTimeout);
        Assert.True(scene.Allocation.IsPermitted(Peer.WithPort(9)));

        Assert.Empty(scene.Advance(239.9));
        Assert.Single(scene.Advance(0.2));
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void Permission_AskedForTwice_IsOneRequest()
    {
        using ClientScene scene = Allocated();
        scene.Allocation.Permit(Peer, scene.Now);
        scene.Allocation.Permit(Peer.WithPort(1), scene.Now);
        Assert.Single(scene.Serve());
        scene.Allocation.Permit(Peer, scene.Now);
        Assert.Empty(scene.Serve());
    }

    [Fact]
    public void Permissions_DueTogether_AreSixteenInARequest()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        for (int i = 1; i <= 40; i++)
        {
            scene.Permit(Address($"203.0.113.{i}:1"));
        }

        List<byte[]> sent = scene.Advance(241);
        Assert.Equal([16, 16, 8], sent.Select(Peers));
    }

    [Fact]
    public void Permissions_AskedForTogether_AreSixteenInARequest()
    {
        using ClientScene scene = Allocated();
        TransportAddress[] peers = [.. Enumerable.Range(1, 20).Select(static i => Address($"203.0.113.{i}:1"))];
        scene.Allocation.Permit(peers, scene.Now);
        Assert.Equal([16, 4], scene.Serve().Select(Peers));
        Assert.Equal(20, scene.Events().Count);
        scene.Allocation.Permit(peers, scene.Now);
        Assert.Empty(scene.Serve());
        Assert.Throws<ArgumentException>(() => scene.Allocation.Permit([Address("203.0.113.77:1"), Address("[2001:db8::9]:1")], scene.Now));
        Assert.Empty(scene.Serve());
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.Permit([.. Enumerable.Repeat(Peer, ClientAllocation.MaxPermissions)], scene.Now));
    }

    [Fact]
    public void Permissions_WaitingForRoom_AreAskedForInTheEnd()
    {
        using ClientScene scene = Allocated();
        for (int i = 1; i <= 40; i++)
        {
            scene.Allocation.Permit(Address($"203.0.113.{i}:1"), scene.Now);
        }

        List<byte[]> first = scene.Transmits();
        Assert.Equal(10, first.Count);
        foreach (byte[] request in first)
        {
            scene.Deliver(scene.Grant(request));
        }

        Assert.Equal([16, 14], scene.Serve().Select(Peers));
        Assert.Equal(40, scene.Events().Count);
    }

    [Fact]
    public void Permission_OneForbiddenAmongMany_SparesTheOthers()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        for (int i = 1; i <= 5; i++)
        {
            scene.Permit(Address($"203.0.113.{i}:1"));
        }

        TransportAddress bad = Address("203.0.113.3:0");
        scene.Advance(241, request => Mentions(request, bad) ? scene.Refuse(request, StunErrorCode.Forbidden) : scene.Grant(request));
        ClientAllocationEvent refused = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.PermissionRefused, bad, StunErrorCode.Forbidden), (refused.Kind, refused.Peer, refused.Failure!.Code));
        Assert.True(scene.Allocation.IsPermitted(Address("203.0.113.1:1")));
        Assert.False(scene.Allocation.IsPermitted(bad));
    }

    [Fact]
    public void Permission_RefreshNeverAnswered_EndsAfterFiveMinutes()
    {
        using ClientScene scene = Allocated(lifetime: 3600).Permit();
        scene.Advance(299.9, static _ => null);
        Assert.True(scene.Allocation.IsPermitted(Peer));
        scene.Advance(0.2, static _ => null);
        Assert.False(scene.Allocation.IsPermitted(Peer));
        Assert.Equal([ClientAllocationEventKind.PermissionRefused], scene.Kinds());
    }

    [Fact]
    public void Permission_FirstTransactionLost_IsTriedAgain()
    {
        using ClientScene scene = Allocated(lifetime: 3600).Permit();
        var ids = new HashSet<TransactionId>();
        scene.Advance(299, request =>
        {
            ids.Add(Decode(request).TransactionId);
            return ids.Count == 2 ? scene.Grant(request) : null;
        });
        Assert.Equal(2, ids.Count);
        Assert.True(scene.Allocation.IsPermitted(Peer));
    }

    [Fact]
    public void Peer_OfAnotherFamily_IsTheCallersMistake()
    {
        using ClientScene scene = Allocated();
        Assert.Throws<ArgumentException>(() => scene.Allocation.Permit(Relayed6, scene.Now));
        Assert.Throws<ArgumentException>(() => scene.Allocation.BindChannel(Relayed6, scene.Now));
        Assert.Throws<ArgumentException>(() => scene.Allocation.BindChannel(Peer.WithPort(0), scene.Now));
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.Connect(Peer, scene.Now));
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.Allocate(scene.Now));
    }

    [Fact]
    public void Peer_InMappedForm_IsTheIPv4Peer()
    {
        using ClientScene scene = Allocated().Permit(Address("[::ffff:203.0.113.9]:7000"));
        Assert.True(scene.Allocation.IsPermitted(Peer));
    }

    [Fact]
    public void Channel_IsBoundWithAPermissionAndRefreshed()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        scene.Allocation.BindChannel(Peer, scene.Now);
        byte[] request = Assert.Single(scene.Serve());
        Decode(request).ReadChannelNumber(out ChannelNumber number);
        Assert.Equal((StunMethod.ChannelBind, ChannelNumber.Min), (Method(request), number));
        Assert.Equal([ClientAllocationEventKind.ChannelBound, ClientAllocationEventKind.PermissionInstalled], scene.Kinds());
        Assert.Equal((true, true), (scene.Allocation.IsBound(Peer), scene.Allocation.IsPermitted(Peer)));
        Assert.False(scene.Allocation.IsBound(Peer.WithPort(7001)));

        Assert.Equal([StunMethod.CreatePermission, StunMethod.CreatePermission], scene.Advance(539).Select(Method));
        Assert.Equal([StunMethod.ChannelBind], scene.Advance(2).Select(Method));
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void Channel_Refused_LeavesTheNumberFree()
    {
        using ClientScene scene = Allocated();
        scene.Allocation.BindChannel(Peer, scene.Now);
        scene.Serve(request => scene.Refuse(request, StunErrorCode.InsufficientCapacity));
        ClientAllocationEvent refused = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.ChannelRefused, Peer), (refused.Kind, refused.Peer));
        scene.Allocation.BindChannel(Peer, scene.Now);
        Assert.Equal(ChannelNumber.Min, NumberOf(Assert.Single(scene.Serve())));
    }

    [Fact]
    public void Channel_Unexpected400_StartsAfresh()
    {
        using ClientScene scene = Allocated();
        scene.Allocation.BindChannel(Peer, scene.Now);
        List<byte[]> sent = scene.Serve(request => Method(request) == StunMethod.ChannelBind ? scene.Refuse(request, StunErrorCode.BadRequest) : scene.Grant(request));
        Assert.Equal([StunMethod.ChannelBind, StunMethod.Refresh], sent.Select(Method));
        List<ClientAllocationEvent> events = scene.Events();
        Assert.Equal([ClientAllocationEventKind.AllocationLost, ClientAllocationEventKind.AllocationReleased], events.Select(static e => e.Kind));
        Assert.Equal(AllocationLossReason.ChannelOutOfStep, events[0].LossReason);
    }

    [Fact]
    public void T30_ExpiredChannel_IsNotReusedForFiveMinutes()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        scene.Allocation.BindChannel(Peer, scene.Now);
        scene.Serve();
        scene.Events();

        // The server stops answering ChannelBind, so that the channel ends at 600 s.
        scene.Advance(599, request => Method(request) == StunMethod.ChannelBind ? null : scene.Grant(request));
        Assert.True(scene.Allocation.IsBound(Peer));
        scene.Advance(2, request => Method(request) == StunMethod.ChannelBind ? null : scene.Grant(request));
        Assert.False(scene.Allocation.IsBound(Peer));
        Assert.Equal([ClientAllocationEventKind.ChannelRefused], scene.Kinds());

        // The same peer gets its number again, another peer another one.
        scene.Allocation.BindChannel(Peer, scene.Now);
        Assert.All(scene.Advance(40).Where(static request => Method(request) == StunMethod.ChannelBind), static request => Assert.Equal(ChannelNumber.Min, NumberOf(request)));
        Assert.True(scene.Allocation.IsBound(Peer));
        scene.Allocation.BindChannel(Peer.WithPort(7001), scene.Now);
        Assert.NotEqual(ChannelNumber.Min, NumberOf(scene.Transmits().First(static request => Method(request) == StunMethod.ChannelBind)));
    }

    [Fact]
    public void T30_AllNumbersTaken_IsSaidAtOnce()
    {
        using ClientScene scene = Allocated(lifetime: 3600);
        for (int i = 0; i < 4096; i++)
        {
            scene.Allocation.BindChannel(Peer.WithPort(i + 1), scene.Now);
            scene.Serve(request => scene.Refuse(request, StunErrorCode.InsufficientCapacity));
        }

        // Refused ones were never bound, yet a retransmission may arrive late: the numbers rest before they are used again.
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.BindChannel(Peer.WithPort(5000), scene.Now));
        scene.Advance(301);
        scene.Allocation.BindChannel(Peer.WithPort(5000), scene.Now);
        Assert.Equal(ChannelNumber.Min, NumberOf(scene.Transmits().First(static request => Method(request) == StunMethod.ChannelBind)));
    }

    private static ChannelNumber NumberOf(byte[] request)
    {
        Decode(request).ReadChannelNumber(out ChannelNumber number);
        return number;
    }

    private static int Peers(byte[] request)
    {
        int count = 0;
        foreach (StunAttribute attribute in Decode(request))
        {
            count += attribute.Type == StunAttributeType.XorPeerAddress ? 1 : 0;
        }

        return count;
    }

    private static bool Mentions(byte[] request, TransportAddress peer)
    {
        StunMessage message = Decode(request);
        foreach (StunAttribute attribute in message)
        {
            if (attribute.Type == StunAttributeType.XorPeerAddress
                && AddressValue.DecodeXored(message, attribute.Value, out TransportAddress address) == StunAttributeStatus.Present
                && address.HasSameAddress(peer))
            {
                return true;
            }
        }

        return false;
    }
}
