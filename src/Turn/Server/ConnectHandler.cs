using Stack.Stun;

namespace Stack.Turn;

/// <summary>Connect (RFC 6062 section 5.2). The answer comes when the peer has accepted, or has not.</summary>
internal sealed class ConnectHandler(TurnServerContext context)
{
    public TurnServerStep Handle(in AuthenticatedRequest request, Allocation allocation)
    {
        if (request.Message.ReadXorPeerAddress(out TransportAddress address) != StunAttributeStatus.Present
            || address.Port == 0
            || allocation.Protocol != RelayProtocol.Tcp)
        {
            return request.Refuse(StunErrorCode.BadRequest);
        }

        var peer = new PeerAddress(address);
        if (allocation.Connections.ContainsKey(peer))
        {
            return request.Refuse(StunErrorCode.ConnectionAlreadyExists);
        }

        if (allocation.Find(address.Family) is not { } relay)
        {
            return request.Refuse(StunErrorCode.PeerAddressFamilyMismatch);
        }

        if (context.Options.Peers.Judge(peer, isLiveRelay: false) != PeerVerdict.Allowed)
        {
            return request.Refuse(StunErrorCode.Forbidden);
        }

        if (allocation.Connections.Count >= context.Limits.ConnectionsPerAllocation)
        {
            return request.Refuse(StunErrorCode.InsufficientCapacity);
        }

        PeerConnection connection = context.Connections.Add(relay, peer, request.Now + context.Limits.ConnectTimeout);
        StunMessageWriter success = request.Succeed();
        success.AddConnectionId(connection.Id);

        // Both answers are made now: the key of the request may be gone by then.
        connection.SuccessResponse = request.FinishForLater(ref success);
        StunMessageWriter failure = request.Fail(StunErrorCode.ConnectionTimeoutOrFailure);
        connection.FailureResponse = request.FinishForLater(ref failure);
        allocation.NotePeer(peer);
        context.Commands.Enqueue(new TurnServerCommand(TurnServerCommandKind.Connect, connection.Id, relay.Id, peer));
        return new TurnServerStep(TurnServerAction.None, TurnServerDisposition.Pending);
    }
}
