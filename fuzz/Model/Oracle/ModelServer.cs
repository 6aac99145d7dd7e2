using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>
/// A TURN server as RFC 8656, RFC 6062, RFC 8489 section 9.2 and security.md have it: lists that are walked, nothing indexed, nothing kept to be
/// fast. It sends nothing; it says what must be sent, and reads out of an <see cref="Observation"/> what a server may choose for itself.
/// </summary>
internal sealed partial class ModelServer
{
    private readonly ModelShared _shared;
    private readonly byte _shard;
    private readonly ReferenceMessage _message = new();
    private readonly ReferenceMessage _answer = new();
    private readonly List<(ulong Token, long Expires)> _reservationAlarms = [];
    private readonly List<ModelConnection> _connections = [];
    private ModelSettings _settings;
    private long _lastRelayId;
    private long _turn;
    private bool _draining;

    public ModelServer(ModelShared shared, ModelSettings settings, byte shard)
    {
        _shared = shared;
        _settings = settings;
        _shard = shard;
        shared.Servers.Add(this);
    }

    public List<ModelAllocation> Allocations { get; } = [];

    public IReadOnlyList<ModelConnection> Connections => _connections;

    public long? NextTimeout
    {
        get
        {
            long next = long.MaxValue;
            foreach (ModelAllocation allocation in Allocations)
            {
                foreach (ModelRelay relay in allocation.Relays)
                {
                    next = Math.Min(next, relay.Expires);
                }
            }

            foreach ((_, long expires) in _reservationAlarms)
            {
                next = Math.Min(next, expires);
            }

            foreach (ModelConnection connection in _connections)
            {
                next = Math.Min(next, connection.Deadline ?? long.MaxValue);
            }

            return next == long.MaxValue ? null : next;
        }
    }

    public void Drain() => _draining = true;

    public void Reconfigure(ModelSettings settings) => _settings = settings;

    public ModelAllocation? Find(ModelTuple tuple)
    {
        foreach (ModelAllocation allocation in Allocations)
        {
            if (allocation.Tuple == tuple)
            {
                return allocation;
            }
        }

        return null;
    }

    public ModelRelay? FindRelay(long id)
    {
        foreach (ModelAllocation allocation in Allocations)
        {
            foreach (ModelRelay relay in allocation.Relays)
            {
                if (relay.Id == id)
                {
                    return relay;
                }
            }
        }

        return null;
    }

    public ExpectedStep HandleClientMessage(byte[] bytes, ModelTuple tuple, long now, Observation seen)
    {
        if (bytes.Length > 0 && bytes[0] >= 0x40 && bytes[0] < (_settings.Rfc5766Channels ? 0x80 : 0x50))
        {
            return HandleChannelData(bytes, tuple, now);
        }

        if (_message.Load(bytes, acceptClassic: false) != ReferenceVerdict.Ok)
        {
            return ExpectedStep.Silent(ModelDisposition.Malformed);
        }

        var request = new ModelRequest(_message, bytes);
        bool isRequest = _message.Class == ModelMethod.Request;
        if (isRequest && _message.Method == ModelMethod.Binding)
        {
            return HandleBinding(request, tuple, now);
        }

        if (request.HasFingerprint && !_message.FingerprintOk)
        {
            return ExpectedStep.Silent(ModelDisposition.WrongFingerprint);
        }

        if (isRequest)
        {
            return HandleRequest(request, tuple, now, seen);
        }

        return _message is { Class: ModelMethod.Indication, Method: ModelMethod.Send }
            ? HandleSend(request, bytes, tuple, now)
            : ExpectedStep.Silent(ModelDisposition.NotARequest);
    }

    /// <summary>Lets time pass: what is due ends, the eldest first.</summary>
    public void HandleTimeout(long now, Observation seen)
    {
        foreach (ModelRelay relay in Allocations.SelectMany(a => a.Relays).Where(r => r.Expires <= now).OrderBy(r => r.Expires).ThenBy(r => r.Turn).ToList())
        {
            End(relay, 1, now, seen);
        }

        foreach ((ulong token, long expires) in _reservationAlarms.ToList())
        {
            if (expires <= now)
            {
                CancelReservation(token, now, seen);
            }
        }

        foreach (ModelConnection connection in _connections.Where(connection => connection.Deadline <= now).ToList())
        {
            if (connection.IsConnecting)
            {
                seen.TakeTransmit(connection.Relay.Owner.Tuple, connection.Failure!);
            }

            Close(connection, seen);
        }
    }

    public void Stop(long now, Observation seen)
    {
        foreach (ModelAllocation allocation in Allocations.ToList())
        {
            End(allocation, 3, now, seen);
        }

        foreach ((ulong token, _) in _reservationAlarms.ToList())
        {
            CancelReservation(token, now, seen);
        }
    }

    private void CancelReservation(ulong token, long now, Observation seen)
    {
        _reservationAlarms.RemoveAll(alarm => alarm.Token == token);

        // Another loop may have claimed it.
        if (_shared.Reservations.Remove(token, out ModelReservation? reservation))
        {
            ReferenceAddress local = reservation.Address.Local with { Port = reservation.Port };
            int at = seen.Calls.FindIndex(call => call.Kind == SocketCallKind.CancelReservation && call.Address == local);
            Require(at >= 0, "a reservation that is over is not cancelled");
            seen.Calls.RemoveAt(at);
            _shared.Ports(ModelShared.Udp, local).GiveBack(local.Port, now + _shared.Settings.Quarantine);
        }
    }

    private void End(ModelAllocation allocation, int reason, long now, Observation seen)
    {
        foreach (ModelRelay relay in allocation.Relays.ToList())
        {
            End(relay, reason, now, seen);
        }
    }

    private void End(ModelRelay relay, int reason, long now, Observation seen)
    {
        ModelAllocation allocation = relay.Owner;

        // RFC 6062 section 5.5.
        foreach (ModelConnection connection in _connections.Where(connection => connection.Relay == relay).ToList())
        {
            Close(connection, seen);
        }

        seen.TakeClose(relay.Id);
        _shared.Ports(allocation.Protocol, relay.Local).GiveBack(relay.Port, now + _shared.Settings.Quarantine);
        allocation.Relays.Remove(relay);
        allocation.Channels.RemoveAll(channel => channel.Relay == relay);
        if (allocation.Relays.Count > 0)
        {
            return;
        }

        Allocations.Remove(allocation);
        if (!_shared.Allocations.Any(other => other.Account == allocation.Account))
        {
            _shared.AccountBandwidth.Remove(allocation.Account);
        }

        seen.TakeEvent(new ModelEvent(
            allocation.Tuple,
            allocation.Username,
            allocation.FirstRelayed,
            0,
            reason,
            now - allocation.Created,
            allocation.Traffic,
            allocation.Peers));
    }

    private void Close(ModelConnection connection, Observation seen)
    {
        _connections.Remove(connection);
        seen.TakeCommand(new ModelCommand(2, connection.Id, connection.Relay.Id, connection.Peer, null));
    }

    private ExpectedStep HandleBinding(ModelRequest request, ModelTuple tuple, long now)
    {
        if (!tuple.IsStream && !_shared.TryTakeReply(tuple.Client, proven: false, now))
        {
            return ExpectedStep.Silent(ModelDisposition.RateLimited);
        }

        if (request.HasFingerprint && !request.Message.FingerprintOk)
        {
            return ExpectedStep.Silent(ModelDisposition.WrongFingerprint);
        }

        byte[] unknown = FindUnknown(request, StunTypes);
        bool refused = unknown.Length > 0;
        ExpectedMessage reply = refused
            ? new ExpectedMessage(ModelMethod.Binding, ModelMethod.Error, request.TransactionId)
                .WithError(420).With(ModelAttribute.UnknownAttributes, unknown)
            : new ExpectedMessage(ModelMethod.Binding, ModelMethod.Success, request.TransactionId)
                .WithXored(ModelAttribute.XorMappedAddress, tuple.Client);
        reply.Fingerprinted(request.HasFingerprint);
        if (!tuple.IsStream && _settings.StrictAmplification && reply.Size > request.Size)
        {
            return ExpectedStep.Silent(ModelDisposition.RateLimited);
        }

        return new ExpectedStep(refused ? ModelDisposition.Refused : ModelDisposition.Answered) { Reply = reply };
    }
}
