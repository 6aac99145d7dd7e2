using System.Linq;
using Stack.Fuzz.Reference;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <content>TCP connections to peers (RFC 6062 sections 5.2 to 5.5).</content>
internal sealed partial class ModelServer
{
    public bool AcceptPeer(long id, ReferenceAddress peer, long now, bool accepted, uint connection, Observation seen)
    {
        bool expected = FindRelay(id) is { } relay
            && relay.Expires > now
            && relay.Permits(peer, now)
            && _settings.Policy.Allows(peer)
            && FindConnection(relay.Owner, peer) is null
            && _connections.Count(c => c.Relay.Owner == relay.Owner) < _settings.Connections;
        if (expected && accepted)
        {
            ModelRelay owner = FindRelay(id)!;
            NoteConnectionId(connection);
            _connections.Add(new ModelConnection(connection, owner, peer) { Deadline = now + _settings.BindTimeout });
            seen.TakeTransmit(
                owner.Owner.Tuple,
                new ExpectedMessage(ModelMethod.ConnectionAttempt, ModelMethod.Indication, null)
                    .WithXored(ModelAttribute.XorPeerAddress, peer)
                    .WithWord(ModelAttribute.ConnectionId, connection));
        }

        return expected;
    }

    public bool HandlePeerConnected(uint id, long now, Observation seen)
    {
        if (_connections.Find(connection => connection.Id == id && connection.IsConnecting) is not { } connection)
        {
            return false;
        }

        connection.IsConnecting = false;
        connection.Deadline = now + _settings.BindTimeout;
        seen.TakeTransmit(connection.Relay.Owner.Tuple, connection.Success!);
        return true;
    }

    public void HandlePeerConnectFailed(uint id, Observation seen)
    {
        if (_connections.Find(connection => connection.Id == id && connection.IsConnecting) is { } connection)
        {
            seen.TakeTransmit(connection.Relay.Owner.Tuple, connection.Failure!);
            _connections.Remove(connection);
        }
    }

    public void HandlePeerClosed(uint id) => _connections.RemoveAll(connection => connection.Id == id);

    public void HandleClientClosed(ModelTuple tuple, long now, Observation seen)
    {
        if (_connections.Find(connection => connection.DataPath == tuple) is { } connection)
        {
            Close(connection, seen);
        }

        if (Find(tuple) is { } allocation)
        {
            End(allocation, 2, now, seen);
        }
    }

    private ExpectedStep Connect(ModelCaller caller, ModelAllocation allocation, Observation seen)
    {
        if (caller.Request.Address(ModelAttribute.XorPeerAddress) is not { Port: > 0 } peer || allocation.Protocol != ModelShared.Tcp)
        {
            return caller.Refuse(400);
        }

        if (FindConnection(allocation, peer) is not null)
        {
            return caller.Refuse(446);
        }

        if (allocation.Find(peer.Family) is not { } relay)
        {
            return caller.Refuse(443);
        }

        if (!_settings.Policy.AllowsEndPoint(peer, isLiveRelay: false))
        {
            return caller.Refuse(403);
        }

        if (_connections.Count(c => c.Relay.Owner == allocation) >= _settings.Connections)
        {
            return caller.Refuse(508);
        }

        Require(seen.Commands.Count == 1, "a Connect request without a command");
        uint id = seen.Commands[0].Connection;
        NoteConnectionId(id);
        seen.TakeCommand(new ModelCommand(0, id, relay.Id, peer, null));
        allocation.NotePeer(peer);
        _connections.Add(new ModelConnection(id, relay, peer)
        {
            IsConnecting = true,
            Deadline = caller.Now + _settings.ConnectTimeout,
            Success = caller.Respond(ModelMethod.Success, reply => reply.WithWord(ModelAttribute.ConnectionId, id)),
            Failure = caller.Fail(447),
        });
        return ExpectedStep.Silent(ModelDisposition.Pending);
    }

    private ExpectedStep ConnectionBind(ModelCaller caller, ModelAllocation? allocation, Observation seen)
    {
        uint? id = caller.Request.Word(ModelAttribute.ConnectionId);
        ModelConnection? connection = _connections.Find(c => c.Id == id && !c.IsConnecting && c.DataPath is null);
        bool pathIsTaken = allocation is not null || _connections.Exists(c => c.DataPath == caller.Tuple);
        if (!caller.Tuple.IsStream || pathIsTaken || connection is null || connection.Relay.Owner.Username != caller.User.Name)
        {
            return caller.Refuse(400);
        }

        connection.DataPath = caller.Tuple;
        connection.Deadline = null;
        seen.TakeCommand(new ModelCommand(1, connection.Id, connection.Relay.Id, connection.Peer, caller.Tuple));
        return caller.Succeed();
    }

    private ModelConnection? FindConnection(ModelAllocation allocation, ReferenceAddress peer)
        => _connections.Find(connection => connection.Relay.Owner == allocation && connection.Peer == peer);

    private void NoteConnectionId(uint id)
    {
        Require(id >> 24 == _shard, "a CONNECTION-ID does not name its loop");
        Require(!_connections.Exists(connection => connection.Id == id), "a CONNECTION-ID is used twice");
    }
}
