using Stack.Stun;

namespace Stack.Turn;

/// <summary>What happens to connections between relay addresses and peers (RFC 6062 sections 5.2 to 5.5).</summary>
internal sealed class PeerConnections(TurnServerContext context)
{
    /// <summary>A peer connected to a relay address.</summary>
    public bool TryAccept(RelayId id, PeerAddress peer, Instant now, out ConnectionId connection)
    {
        connection = default;
        if (!context.Allocations.TryFind(id, out AllocatedRelay? relay)
            || relay.Expires <= now
            || !relay.IsPermitted(peer, now)
            || context.Options.Peers.JudgeAddress(peer) != PeerVerdict.Allowed
            || relay.Owner.Connections.ContainsKey(peer)
            || relay.Owner.Connections.Count >= context.Limits.ConnectionsPerAllocation)
        {
            return false;
        }

        PeerConnection accepted = context.Connections.Add(relay, peer, now + context.Limits.ConnectionBindTimeout);
        connection = accepted.Id;
        context.Transmits.Enqueue((relay.Owner.Path, ConnectionAttempt(accepted)));
        return true;
    }

    /// <summary>A peer accepted the connection that a client asked for.</summary>
    public bool HandleConnected(ConnectionId id, Instant now)
    {
        if (context.Connections.Find(id) is not { IsConnecting: true } connection)
        {
            return false;
        }

        context.Transmits.Enqueue((connection.Owner.Path, connection.SuccessResponse!));
        connection.SuccessResponse = null;
        connection.FailureResponse = null;
        context.Connections.Postpone(connection, now + context.Limits.ConnectionBindTimeout);
        return true;
    }

    public void HandleConnectFailed(ConnectionId id)
    {
        if (context.Connections.Find(id) is { IsConnecting: true } connection)
        {
            context.Transmits.Enqueue((connection.Owner.Path, connection.FailureResponse!));
            context.Connections.Remove(connection);
        }
    }

    /// <summary>One end of a joined pair, or a peer that nobody has joined yet, is gone.</summary>
    public void HandleClosed(ConnectionId id)
    {
        if (context.Connections.Find(id) is { } connection)
        {
            context.Connections.Remove(connection);
        }
    }

    /// <summary>A client's data connection is gone: so is the peer's (RFC 6062 section 5.5).</summary>
    public void HandleDataClosed(in FiveTuple path)
    {
        if (context.Connections.Find(path) is { } connection)
        {
            context.Close(connection);
        }
    }

    public void HandleTimeout(Instant now)
    {
        while (context.Connections.TryTakeDue(now, out PeerConnection connection))
        {
            if (connection.IsConnecting)
            {
                context.Transmits.Enqueue((connection.Owner.Path, connection.FailureResponse!));
            }

            context.Close(connection);
        }
    }

    private byte[] ConnectionAttempt(PeerConnection connection)
    {
        byte[] buffer = new byte[64];
        var writer = new StunMessageWriter(
            buffer,
            new StunMessageType(StunMethod.ConnectionAttempt, StunClass.Indication),
            TransactionId.Create(context.Random));
        writer.AddXorPeerAddress(connection.Peer.Value);
        writer.AddConnectionId(connection.Id);
        return writer.Written.ToArray();
    }
}
