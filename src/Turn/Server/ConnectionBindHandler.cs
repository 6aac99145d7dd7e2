using Stack.Stun;

namespace Stack.Turn;

/// <summary>ConnectionBind (RFC 6062 section 5.4), which comes on a connection of its own.</summary>
internal sealed class ConnectionBindHandler(TurnServerContext context)
{
    public TurnServerStep Handle(in AuthenticatedRequest request)
    {
        // One connection of the client's for one of a peer's, however many requests come at once.
        // Somebody else's connection is as unknown as one that does not exist.
        if (!request.IsStream
            || context.Allocations.Find(request.Path) is not null
            || context.Connections.Find(request.Path) is not null
            || request.Message.ReadConnectionId(out ConnectionId id) != StunAttributeStatus.Present
            || context.Connections.Find(id) is not { IsConnecting: false, DataPath: null } connection
            || !connection.Owner.IsOf(request.Username))
        {
            return request.Refuse(StunErrorCode.BadRequest);
        }

        context.Connections.Bind(connection, request.Path);
        context.Commands.Enqueue(
            new TurnServerCommand(TurnServerCommandKind.Join, id, connection.Relay.Id, connection.Peer, request.Path));
        StunMessageWriter writer = request.Succeed();
        return request.Finish(ref writer);
    }
}
