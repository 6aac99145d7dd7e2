using System;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Turn.Tests.ClientScene;

namespace Stack.Turn.Tests;

/// <summary>RFC 6062 section 4 from the client's side.</summary>
public sealed class ClientConnectTests
{
    private static readonly ClientAllocationOptions Options = new() { Credential = Credential, Protocol = RelayProtocol.Tcp, Transport = StunTransport.Tcp };

    [Fact]
    public void Connect_Success_HasItsConnection()
    {
        using ClientScene scene = Allocated(Options);
        scene.Allocation.Connect(Peer, scene.Now);
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.Connect(Peer, scene.Now));
        Assert.Equal([StunMethod.Connect], scene.Serve().Select(Method));
        ClientAllocationEvent happened = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.PeerConnected, Peer, new ConnectionId(77)), (happened.Kind, happened.Peer, happened.Connection));
    }

    [Fact]
    public void Connect_AfterAFailure_WaitsTenSeconds()
    {
        using ClientScene scene = Allocated(Options);
        scene.Allocation.Connect(Peer, scene.Now);
        scene.Serve(request => scene.Refuse(request, StunErrorCode.ConnectionTimeoutOrFailure));
        Assert.Equal(StunErrorCode.ConnectionTimeoutOrFailure, Assert.Single(scene.Events()).Failure!.Code);
        scene.Allocation.Connect(Peer, scene.Now);
        Assert.Empty(scene.Advance(9.9));
        Assert.Single(scene.Advance(0.2));
        Assert.Equal([ClientAllocationEventKind.PeerConnected], scene.Kinds());
    }

    [Fact]
    public void Connect_SuccessWithoutAConnectionId_IsAFailure()
    {
        using ClientScene scene = Allocated(Options);
        scene.Allocation.Connect(Peer, scene.Now);
        scene.Serve(request => scene.Answer(request, StunClass.SuccessResponse, static (ref StunMessageWriter _) => { }));
        Assert.Equal(RequestFailureReason.IncompleteSuccess, Assert.Single(scene.Events()).Failure!.Reason);
    }

    [Fact]
    public void ConnectionAttempt_OfAPermittedPeer_IsAnEvent()
    {
        using ClientScene scene = Allocated(Options).Permit();
        Assert.Equal(ClientDisposition.Reported, scene.Deliver(Attempt(scene, Peer)));
        ClientAllocationEvent happened = Assert.Single(scene.Events());
        Assert.Equal((ClientAllocationEventKind.PeerConnectionAttempted, Peer, new ConnectionId(5)), (happened.Kind, happened.Peer, happened.Connection));
        Assert.Equal(ClientDisposition.NoPermission, scene.Deliver(Attempt(scene, Address("203.0.113.10:1"))));
        Assert.Throws<InvalidOperationException>(() => scene.Allocation.BindChannel(Peer, scene.Now));
    }

    [Fact]
    public void ConnectionAttempt_OnAUdpAllocation_IsNotExpected()
    {
        using ClientScene scene = Allocated().Permit();
        Assert.Equal(ClientDisposition.NotExpected, scene.Deliver(Attempt(scene, Peer)));
    }

    [Theory]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, false, 2)]
    public void DataConnection_BeginsWithTheChallengeOfTheControlConnection(bool granted, bool sameNonce, int requests)
    {
        using ClientScene scene = Allocated(Options, sha256: true);
        scene.Nonce = sameNonce ? scene.Nonce : "nonce-of-this-connection";
        using ClientDataConnection connection = scene.Allocation.BeginDataConnection(new ConnectionId(77), scene.Now);
        byte[] buffer = new byte[ClientAllocation.MaxRequestSize];
        int seen = 0;
        while (connection.TryReadTransmit(buffer, scene.Now, out StunTransmit transmit))
        {
            seen++;
            byte[] request = buffer[..transmit.Length];
            Decode(request).ReadConnectionId(out ConnectionId id);
            Assert.Equal((StunMethod.ConnectionBind, new ConnectionId(77), true), (Method(request), id, Decode(request).HasMessageIntegritySha256));
            connection.HandleMessage(granted ? scene.Grant(request) : scene.Refuse(request, StunErrorCode.BadRequest), scene.Now);
        }

        Assert.Equal(requests, seen);
        Assert.Equal((granted, granted ? null : StunErrorCode.BadRequest), (connection.IsBound, connection.Failure?.Code));
        Assert.Null(connection.NextTimeout);
    }

    [Fact]
    public void DataConnection_Silence_Ends()
    {
        using ClientScene scene = Allocated(Options);
        using ClientDataConnection connection = scene.Allocation.BeginDataConnection(new ConnectionId(1), scene.Now);
        connection.TryReadTransmit(new byte[ClientAllocation.MaxRequestSize], scene.Now, out _);
        connection.HandleTimeout(connection.NextTimeout!.Value);
        Assert.Equal(TransactionOutcome.TimedOut, connection.Failure!.Transaction.Outcome);
    }

    private static byte[] Attempt(ClientScene scene, TransportAddress peer) => scene.Indication(StunMethod.ConnectionAttempt, (ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(peer);
        writer.AddConnectionId(new ConnectionId(5));
    });
}
