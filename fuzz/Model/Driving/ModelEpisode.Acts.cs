using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>What clients, peers and the operator do.</content>
internal sealed partial class ModelEpisode
{
    private void Act()
    {
        ModelClient client = _random.Pick(_clients);
        switch (_random.Below(1000))
        {
            case < 330:
                SendData(client);
                break;
            case < 510:
                PeerDatagram();
                break;
            case < 530:
                Icmp();
                break;
            case < 800:
                Request(client);
                break;
            case < 840:
                SendAgain(client);
                break;
            case < 890:
                SendMutated(client);
                break;
            case < 910:
                SendNoise(client);
                break;
            case < 930:
                Deliver(client, Finish(_builder.Start(ModelMethod.Binding, ModelMethod.Request, NewId())), "binding");
                break;
            case < 990:
                Tcp();
                break;
            case < 995:
                CloseClient();
                break;
            case 995 when _random.OneIn(2):
                MeetPermissionExpiry();
                break;
            case 995:
                MeetReplyExpiry(client);
                break;
            default:
                Operate();
                break;
        }
    }

    private void Operate()
    {
        switch (_random.Below(200))
        {
            case < 7 when Messages > TurnModelRun.EpisodeSize * 3 / 4:
                Trace("drain");
                _random.Pick(_loops).Drain();
                break;
            case < 60:
                ModelSettings settings = SettingsDraw.Redraw(_random, _shared.Settings);
                Trace("reconfigure");
                _resources.Reconfigure(settings.ToLimits(), settings.ToReplies());
                _shared.Reconfigure(settings);
                _loops[0].Reconfigure(settings);
                _loops[1].Reconfigure(settings);
                break;
            case < 80:
                Trace("nonce key");
                _random.GetBytes(_nonceKey);
                _resources.ChangeNonceKey(_nonceKey);
                _shared.ChangeNonceKey();
                break;
        }
    }

    private byte[] NewId()
    {
        byte[] id = new byte[12];
        _random.GetBytes(id);
        return id;
    }

    private byte[] Finish(MessageBuilder message) => _random.OneIn(4) ? message.AddFingerprint().ToArray() : message.ToArray();

    private void Deliver(ModelClient client, byte[] message, string what, int? shard = null)
    {
        NoteJoins(client);
        if (client.IsJoined)
        {
            return;
        }

        _trace?.Add($"{Messages} at {_now}: {client.Tuple} {what} {Convert.ToHexStringLower(message.AsSpan(0, Math.Min(message.Length, 400)))}");
        client.Remember(message);
        ModelLoop loop = _loops[shard ?? client.Shard];
        Count(loop.HandleClientMessage(message, client.Tuple, _now, out byte[]? reply));
        if (reply is not null)
        {
            Learn(client, reply);
        }
    }

    private void Learn(ModelClient client, byte[] reply)
    {
        if (_reply.Load(reply, acceptClassic: false) != ReferenceVerdict.Ok)
        {
            return;
        }

        _tally.CountReply(_reply.Method, _reply.ErrorCode.Presence == ReferencePresence.Present ? _reply.ErrorCode.Value.Code : 0);
        if (_reply.Nonce.Presence == ReferencePresence.Present)
        {
            client.Nonce = _reply.Nonce.Value.ToArray();
        }
    }

    private void NoteJoins(ModelClient client)
        => client.IsJoined = _loops.Any(loop => loop.Model.Connections.Any(connection => connection.DataPath == client.Tuple));

    private ReferenceAddress AnyPeer()
    {
        int port = _random.OneIn(3) ? _random.Pick(ModelUniverse.PeerPorts) : 5000;
        switch (_random.Below(40))
        {
            case 0 or 1:
                return _random.Pick(ModelUniverse.DeniedPeers) with { Port = port };
            case 2:
                return _random.Pick((ReferenceAddress[])[ModelUniverse.Server4, ModelUniverse.Server6]);
            case 3:
                ModelRelayAddress dead = _random.Pick(_shared.Settings.RelayAddresses);
                return (_random.OneIn(2) ? dead.Local : dead.Advertised) with { Port = 49152 + _random.Below(64) };
            case 4 or 5 or 6 when AnyRelay(ModelShared.Udp, out _) is { } relay:
                return _random.OneIn(4) ? relay.Local : relay.Advertised;
            default:
                return _random.Pick(ModelUniverse.PublicPeers) with { Port = port };
        }
    }

    // Mostly one that the allocation has to do with.
    private ReferenceAddress KnownPeer(ModelAllocation? allocation)
    {
        if (allocation is null || _random.OneIn(6))
        {
            return AnyPeer();
        }

        if (allocation.Channels.Count > 0 && _random.OneIn(2))
        {
            return _random.Pick(allocation.Channels).Peer;
        }

        return allocation.Peers.Count > 0 ? _random.Pick(allocation.Peers) with { Port = _random.OneIn(8) ? 0 : 5000 } : AnyPeer();
    }

    private ModelClient WithAllocation(ModelClient client)
    {
        List<ModelAllocation> allocations = _random.Pick(_loops).Model.Allocations;
        return allocations.Count == 0 || _random.OneIn(15) ? client : _byTuple[_random.Pick(allocations).Tuple];
    }

    private byte[] Payload()
    {
        int length = _random.OneIn(2000) ? 65400 + _random.Below(136) : _random.OneIn(30) ? _random.Below(1500) : _random.Below(40);
        byte[] payload = new byte[length];
        _random.GetBytes(payload.AsSpan(0, Math.Min(length, 64)));
        return payload;
    }

    private void SendData(ModelClient any)
    {
        ModelClient client = WithAllocation(any);
        ModelAllocation? allocation = _loops[client.Shard].Model.Find(client.Tuple);
        byte[] payload = Payload();
        if (_random.OneIn(2))
        {
            int number = allocation is { Channels.Count: > 0 } && !_random.OneIn(8)
                ? _random.Pick(allocation.Channels).Number
                : _random.Pick((int[])[0x4000, 0x4001, 0x4FFF, 0x5000, 0x7FFF]);
            int stated = _random.OneIn(40) ? payload.Length + 1 + _random.Below(4) : _random.OneIn(20) ? payload.Length / 2 : payload.Length;
            stated = Math.Min(stated, 0xFFFF);
            Deliver(client, [(byte)(number >> 8), (byte)number, (byte)(stated >> 8), (byte)stated, .. payload], "channel data");
            return;
        }

        _builder.Start(ModelMethod.Send, ModelMethod.Indication, NewId());
        if (!_random.OneIn(50))
        {
            _builder.AddXored(ModelAttribute.XorPeerAddress, KnownPeer(allocation));
        }

        if (_random.OneIn(10))
        {
            _builder.Add(ModelAttribute.DontFragment, _random.OneIn(10) ? [1, 2, 3, 4] : []);
        }

        if (_random.OneIn(40))
        {
            AddAny();
        }

        if (!_random.OneIn(50))
        {
            _builder.Add(ModelAttribute.Data, payload.AsSpan(0, Math.Min(payload.Length, 65400)));
        }

        if (_random.OneIn(50))
        {
            _builder.AddXored(ModelAttribute.XorPeerAddress, AnyPeer());
        }

        Deliver(client, Finish(_builder), "send");
    }

    private ModelRelay? AnyRelay(int protocol, out ModelLoop loop)
    {
        // A few draws instead of a search: there may be none.
        for (int tries = 0; tries < 6; tries++)
        {
            loop = _random.Pick(_loops);
            List<ModelAllocation> allocations = loop.Model.Allocations;
            if (allocations.Count > 0 && _random.Pick(allocations) is { } allocation && allocation.Protocol == protocol)
            {
                return _random.Pick(allocation.Relays);
            }
        }

        loop = _loops[0];
        return null;
    }

    private void PeerDatagram()
    {
        ModelRelay? relay = AnyRelay(ModelShared.Udp, out ModelLoop loop);
        ReferenceAddress peer = KnownPeer(relay?.Owner);
        long id = relay is null || _random.OneIn(50) ? _random.Below(20) : relay.Id;
        if (loop.Model.FindRelay(id) is { Owner.Protocol: ModelShared.Tcp })
        {
            return;
        }

        byte[] payload = Payload();
        _trace?.Add($"{Messages} at {_now}: datagram of {payload.Length} from {peer} at relay {id}");
        Count(loop.HandlePeerDatagram(id, peer, payload, _now));
    }

    // A permission in its last tick, and at its end.
    private void MeetPermissionExpiry()
    {
        if (AnyRelay(ModelShared.Udp, out ModelLoop loop) is not { Permissions.Count: > 0 } relay)
        {
            return;
        }

        (UInt128 number, long until) = _random.Pick(relay.Permissions.ToList());
        if (until - 1 >= _now)
        {
            AdvanceTo(until - _random.Below(2));
            var peer = new ReferenceAddress(relay.Family, 5000, number);
            _trace?.Add($"{Messages} at {_now}: datagram from {peer} at relay {relay.Id}, whose permission ends at {until}");
            Count(loop.HandlePeerDatagram(relay.Id, peer, Payload(), _now));
        }
    }

    // A request once more in the last tick in which its reply is kept, and one later.
    private void MeetReplyExpiry(ModelClient any)
    {
        ModelClient client = WithAllocation(any);
        if (_loops[client.Shard].Model.Find(client.Tuple) is not { } allocation)
        {
            return;
        }

        Begin(ModelMethod.Refresh);
        Authenticate(client, allocation);
        byte[] request = _builder.ToArray();
        Deliver(client, request, "request");
        AdvanceTo(_now + (40 * Second) - _random.Below(2));
        Deliver(client, request, "again");
    }

    private void Icmp()
    {
        ModelRelay? relay = AnyRelay(ModelShared.Udp, out ModelLoop loop);
        ReferenceAddress peer = KnownPeer(relay?.Owner);
        int type = _random.Pick((int[])[3, 11, 1, 2, 3, 0, 8, 128]);
        Trace($"icmp {type} about {peer} at relay {relay?.Id}");
        Count(loop.HandleIcmp(relay?.Id ?? 7, peer, type, _random.Below(16), (uint)_random.Below(2000), _now));
    }

    private void SendAgain(ModelClient any)
    {
        ModelClient client = WithAllocation(any);
        if (client.Sent.Count > 0)
        {
            Deliver(client, _random.Pick(client.Sent), "again");
        }
    }

    private void SendMutated(ModelClient any)
    {
        ModelClient client = _random.OneIn(2) ? any : WithAllocation(any);
        ModelClient source = _random.OneIn(4) ? _random.Pick(_clients) : client;
        if (source.Sent.Count == 0)
        {
            return;
        }

        byte[] message = [.. _random.Pick(source.Sent)];
        int changes = 1 + _random.Below(3);
        for (int i = 0; i < changes && message.Length > 0; i++)
        {
            int at = _random.OneIn(2) ? _random.Below(message.Length) : _random.Below(Math.Min(message.Length, 28));
            message[at] = _random.OneIn(2) ? (byte)(message[at] ^ (1 << _random.Below(8))) : (byte)_random.Next();
        }

        if (_random.OneIn(6))
        {
            message = message[.._random.Below(message.Length + 1)];
        }

        Deliver(client, message, "mutated");
    }

    private void SendNoise(ModelClient client)
    {
        switch (_random.Below(3))
        {
            case 0:
                byte[] noise = new byte[_random.Below(60)];
                _random.GetBytes(noise.AsSpan());
                Deliver(client, noise, "noise");
                break;
            case 1:
                // Responses, indications, methods that nobody serves.
                _builder.Start(_random.Below(20), _random.Below(4), NewId());
                AddAny();
                Deliver(client, Finish(_builder), "odd");
                break;
            default:
                // 28 bytes: the smallest Allocate request that makes sense.
                _builder.Start(ModelMethod.Allocate, ModelMethod.Request, NewId()).AddWord(ModelAttribute.RequestedTransport, 17u << 24);
                Deliver(client, _builder.ToArray(), "bare allocate");
                break;
        }
    }
}
