using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Turn.Tests.ClientScene;

namespace Stack.Turn.Tests;

/// <summary>RFC 8656 section 8 from the client's side: refreshes, losses, the end; security.md section 5.4.</summary>
public sealed class AllocationLifetimeTests
{
    [Theory]
    [InlineData(600u, 540)]
    [InlineData(3600u, 3540)]
    [InlineData(121u, 61)]
    [InlineData(120u, 60)]
    [InlineData(20u, 10)]
    public void Refresh_IsDueAMinuteBeforeTheEndOrHalfway(uint lifetime, int due)
    {
        using ClientScene scene = Allocated(lifetime: lifetime);
        Assert.Equal(scene.In(due), scene.Allocation.NextTimeout);
        Assert.Empty(scene.Advance(due - 0.001));
        Assert.Equal([StunMethod.Refresh], scene.Advance(0.002).Select(Method));
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void C10_SixLostRefreshes_AreStillInTime()
    {
        using ClientScene scene = Allocated();
        Instant end = scene.In(600);
        int seen = 0;
        List<byte[]> sent = scene.Advance(598, request => ++seen == 7 ? scene.Grant(request) : null);
        Assert.Equal(7, sent.Count(static request => Method(request) == StunMethod.Refresh));
        Assert.Empty(scene.Events());
        Assert.True(scene.Allocation.Expires > end);
    }

    [Fact]
    public void C10_LostTransaction_IsTriedAgainWhileTimeIsLeft()
    {
        using ClientScene scene = Allocated();
        var ids = new HashSet<TransactionId>();
        scene.Advance(599, request =>
        {
            ids.Add(Decode(request).TransactionId);
            return ids.Count == 2 ? scene.Grant(request) : null;
        });
        Assert.Equal(2, ids.Count);
        Assert.Equal(ClientAllocationState.Active, scene.Allocation.State);
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void Refresh_NeverAnswered_EndsWithTheLifetime()
    {
        using ClientScene scene = Allocated();
        scene.Advance(599.9, static _ => null);
        Assert.Empty(scene.Events());
        scene.Advance(0.2, static _ => null);
        ClientAllocationEvent lost = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.AllocationLost, AllocationLossReason.Expired), (lost.Kind, lost.LossReason));
        Assert.Equal(TransactionOutcome.TimedOut, lost.Failure!.Transaction.Outcome);
        Assert.Null(scene.Allocation.NextTimeout);
    }

    [Fact]
    public void C11_MismatchOnRefresh_IsLostOnce()
    {
        using ClientScene scene = Allocated().Permit().Bind();
        scene.Allocation.Refresh(scene.Now);
        byte[] refresh = Assert.Single(scene.Transmits());
        scene.Deliver(scene.Refuse(refresh, StunErrorCode.AllocationMismatch));
        ClientAllocationEvent lost = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.AllocationLost, AllocationLossReason.UnknownToServer), (lost.Kind, lost.LossReason));

        scene.Advance(2000);
        scene.Allocation.HandleConnectionLost(scene.Now);
        scene.Allocation.HandleUnreachable(scene.Now);
        Assert.Empty(scene.Events());
        Assert.Empty(scene.Transmits());
        Assert.Equal((ClientAllocationState.Ended, null), (scene.Allocation.State, scene.Allocation.NextTimeout));
    }

    [Theory]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    public void C11_MismatchOnAnotherRequest_IsLostToo(StunMethod method)
    {
        using ClientScene scene = Allocated();
        if (method == StunMethod.ChannelBind)
        {
            scene.Allocation.BindChannel(Peer, scene.Now);
        }
        else
        {
            scene.Allocation.Permit(Peer, scene.Now);
        }

        scene.Serve(request => scene.Refuse(request, StunErrorCode.AllocationMismatch));
        Assert.Equal([ClientAllocationEventKind.AllocationLost], scene.Kinds());
    }

    [Fact]
    public void C22_ServerThatRestarts_IsNoticedWithinTenSeconds()
    {
        using ClientScene scene = Allocated().Permit();
        scene.Advance(30);
        scene.Allocation.HandleUnreachable(scene.Now);
        scene.Serve(static _ => null);

        // Half a minute without a server: every request is answered with an ICMP error.
        Instant back = scene.In(30);
        while (scene.Now < back)
        {
            scene.Advance(0.1, static _ => null);
            scene.Allocation.HandleUnreachable(scene.Now);
            scene.Serve(static _ => null);
        }

        scene.Nonce = "nonce-of-the-new-process";
        scene.Advance(10, request => scene.Refuse(request, StunErrorCode.AllocationMismatch));
        Assert.Equal(AllocationLossReason.UnknownToServer, Assert.Single(scene.Events()).LossReason);
    }

    [Fact]
    public void Unreachable_OfALivingServer_CostsOneRefreshAndNoMore()
    {
        using ClientScene scene = Allocated();
        scene.Allocation.HandleUnreachable(scene.Now);
        Assert.Equal([StunMethod.Refresh], scene.Serve().Select(Method));
        for (int i = 0; i < 100; i++)
        {
            scene.Allocation.HandleUnreachable(scene.Now);
        }

        Assert.Single(scene.Serve());
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void C25_SleepBeyondTheEnd_IsALossAndNoSilentRefresh()
    {
        using ClientScene scene = Allocated().Permit();
        scene.Allocation.Refresh(scene.Now);
        byte[] late = scene.Grant(Assert.Single(scene.Transmits()));
        scene.Sleep(900);
        Assert.Equal(ClientDisposition.NoAllocation, scene.Deliver(late));
        Assert.Equal(AllocationLossReason.Expired, Assert.Single(scene.Events()).LossReason);
        Assert.Empty(scene.Transmits());
        Assert.Equal(SendStatus.NoAllocation, scene.Allocation.TryFrame(new byte[100], 1, Peer, SendForm.Shortest, scene.Now, out _));
    }

    [Fact]
    public void C25_SendAfterASleep_IsALossToo()
    {
        using ClientScene scene = Allocated().Permit();
        scene.Sleep(900);
        Assert.Equal(SendStatus.NoAllocation, scene.Allocation.TryFrame(new byte[100], 1, Peer, SendForm.Shortest, scene.Now, out _));
        Assert.Equal(AllocationLossReason.Expired, Assert.Single(scene.Events()).LossReason);
    }

    [Fact]
    public void ConnectionLost_EndsTheAllocation()
    {
        using ClientScene scene = Allocated(new ClientAllocationOptions { Credential = Credential, Transport = StunTransport.Tcp });
        scene.Allocation.HandleConnectionLost(scene.Now);
        Assert.Equal(AllocationLossReason.ConnectionLost, Assert.Single(scene.Events()).LossReason);
    }

    [Fact]
    public void ConnectionLost_WhileAllocating_IsARefusal()
    {
        using var scene = new ClientScene(new ClientAllocationOptions { Credential = Credential, Transport = StunTransport.Tcp });
        scene.Allocation.Allocate(scene.Now);
        scene.Transmits();
        scene.Allocation.HandleConnectionLost(scene.Now);
        Assert.Equal(TransactionOutcome.ConnectionLost, Assert.Single(scene.Events()).Failure!.Transaction.Outcome);
    }

    [Fact]
    public void Refresh_RefusedForGood_LeavesTheAllocationItsTime()
    {
        using ClientScene scene = Allocated();
        List<byte[]> sent = scene.Advance(599, request => scene.Refuse(request, StunErrorCode.WrongCredentials));
        Assert.Single(sent);
        Assert.Empty(scene.Events());
        scene.Advance(2);
        ClientAllocationEvent lost = Assert.Single(scene.Events());
        Assert.Equal((AllocationLossReason.Expired, StunErrorCode.WrongCredentials), (lost.LossReason, lost.Failure!.Code));
    }

    [Fact]
    public void Refresh_ServerErrors_AreNotAnsweredByAStorm()
    {
        using ClientScene scene = Allocated();
        List<byte[]> sent = scene.Advance(599, request => scene.Refuse(request, StunErrorCode.ServerError));
        Assert.InRange(sent.Count, 2, 12);
    }

    [Fact]
    public void Refresh_AnsweredWithLifetimeZero_IsALoss()
    {
        using ClientScene scene = Allocated();
        scene.Lifetime = 0;
        scene.Allocation.Refresh(scene.Now);
        scene.Serve();
        Assert.Equal(AllocationLossReason.UnknownToServer, Assert.Single(scene.Events()).LossReason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Release_AsksForDeletionAndEnds(bool known)
    {
        using ClientScene scene = Allocated().Permit();
        scene.Allocation.Permit(Address("203.0.113.10:1"), scene.Now);
        scene.Allocation.Release(scene.Now);
        byte[] request = Assert.Single(scene.Transmits());
        Decode(request).ReadLifetime(out uint lifetime);
        Assert.Equal((StunMethod.Refresh, 0u), (Method(request), lifetime));
        scene.Lifetime = 0;
        scene.Deliver(known ? scene.Grant(request) : scene.Refuse(request, StunErrorCode.AllocationMismatch));
        Assert.Equal([ClientAllocationEventKind.AllocationReleased], scene.Kinds());
        Assert.Null(scene.Allocation.NextTimeout);
    }

    [Fact]
    public void StaleNonce_WithFiveRequestsInFlight_IsNoFailure()
    {
        using ClientScene scene = Allocated();
        for (int round = 2; round < 12; round++)
        {
            scene.Nonce = $"nonce-{round}";
            scene.Allocation.Refresh(scene.Now);
            for (int i = 0; i < 4; i++)
            {
                scene.Allocation.BindChannel(Address($"203.0.113.{i + 1}:{1000 + round}"), scene.Now);
            }

            List<byte[]> stale = scene.Transmits();
            Assert.Equal(5, stale.Count);
            foreach (byte[] request in stale)
            {
                scene.Deliver(scene.Grant(request));
            }

            Assert.Equal(5, scene.Serve().Count);
            Assert.Equal(4, scene.Events().Count(static happened => happened.Kind == ClientAllocationEventKind.ChannelBound));
        }
    }

    [Fact]
    public void Contract_TenThousandDeadlines_EachMakeProgress()
    {
        using ClientScene scene = Allocated(lifetime: 130).Permit().Bind();
        uint chaos = 12345;
        Instant last = scene.Now;
        int idle = 0;
        for (int step = 0; step < 10_000 && scene.Allocation.NextTimeout is { } next; step++)
        {
            Assert.True(next >= last);
            idle = next == last ? idle + 1 : 0;
            Assert.True(idle < 3, "the same deadline again and again");
            last = next;
            scene.Sleep((next - scene.Now).TotalSeconds);
            scene.Allocation.HandleTimeout(scene.Now);
            unchecked
            {
                chaos = (chaos * 1664525) + 1013904223;
            }

            int loss = (int)(chaos >> 24);
            scene.Serve(request => loss < 64 ? null : loss < 80 ? scene.Refuse(request, StunErrorCode.ServerError) : scene.Grant(request));
            scene.Events();
        }
    }
}
