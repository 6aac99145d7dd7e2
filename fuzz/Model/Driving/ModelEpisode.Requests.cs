using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>Requests with credentials, good and bad, and what happens on TCP relays.</content>
internal sealed partial class ModelEpisode
{
    private void Request(ModelClient any)
    {
        ModelClient client = any;
        int kind = _random.Below(100);
        if (kind >= 34)
        {
            client = WithAllocation(any);
        }

        ModelAllocation? allocation = _loops[client.Shard].Model.Find(client.Tuple);
        int? shard = null;
        switch (kind)
        {
            case < 34:
                Allocate(client);
                break;
            case < 50:
                Refresh();
                break;
            case < 70:
                CreatePermission(allocation);
                break;
            case < 88:
                ChannelBind(allocation);
                break;
            case < 94:
                for (int tries = 0; tries < 6 && allocation is { Protocol: ModelShared.Udp }; tries++)
                {
                    client = WithAllocation(any);
                    allocation = _loops[client.Shard].Model.Find(client.Tuple);
                }

                Begin(ModelMethod.Connect).AddXored(ModelAttribute.XorPeerAddress, PeerFor(allocation));
                break;
            default:
                shard = ConnectionBind(ref client, ref allocation);
                break;
        }

        if (_random.OneIn(40))
        {
            AddAny();
        }

        Authenticate(client, allocation);
        byte[] message = Finish(_builder);
        if (shard is not null && !client.Tuple.IsStream)
        {
            shard = null;
        }

        Deliver(client, message, "request", shard);
    }

    private MessageBuilder Begin(int method) => _builder.Start(method, ModelMethod.Request, NewId());

    // An attribute that may or may not belong there, of a length that may or may not be right.
    private void AddAny()
    {
        int type = _random.Pick((int[])
        [
            0x0003, 0x0007, 0x000C, 0x000D, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A, 0x0022, 0x0024, 0x0026, 0x002A, 0x0030, 0x7FFF, 0x8000, 0x8001, 0x8004, 0x8022,
            0x8025, 0x8032, 0x8032, 0xC057,
        ]);
        byte[] value = new byte[_random.Pick((int[])[0, 1, 2, 4, 4, 4, 8, 20])];
        _random.GetBytes(value.AsSpan());
        _builder.Add(type, value);
    }

    private void Allocate(ModelClient client)
    {
        Begin(ModelMethod.Allocate);
        if (!_random.OneIn(40))
        {
            int protocol = client.Tuple.IsStream && _random.OneIn(2) ? 6 : _random.OneIn(40) ? _random.Pick((int[])[6, 0, 1, 255]) : 17;
            _builder.AddWord(ModelAttribute.RequestedTransport, ((uint)protocol << 24) | (_random.OneIn(9) ? 0x00FFFFFFu : 0));
        }

        if (_random.OneIn(3))
        {
            AddLifetime();
        }

        if (_random.OneIn(12))
        {
            _builder.Add(ModelAttribute.DontFragment, []);
        }

        // Combinations by chance: many of them contradict themselves.
        if (_random.OneIn(3))
        {
            _builder.AddWord(ModelAttribute.RequestedAddressFamily, (uint)_random.Pick((int[])[1, 1, 2, 2, 2, 3, 0]) << 24);
        }
        else if (_random.OneIn(3) || _random.OneIn(30))
        {
            _builder.AddWord(ModelAttribute.AdditionalAddressFamily, (uint)(_random.OneIn(12) ? _random.Below(4) : 2) << 24);
        }

        if (_random.OneIn(4))
        {
            _builder.Add(ModelAttribute.EvenPort, [(byte)(_random.OneIn(3) ? 0x7F : _random.OneIn(2) ? 0x80 : 0xFF)]);
        }
        else if (_random.OneIn(6))
        {
            Span<byte> token = stackalloc byte[8];
            ulong known = _shared.Reservations.Count > 0 ? _random.Pick(_shared.Reservations.Keys.ToList()) : _random.Next();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(token, _random.OneIn(10) ? known + 1 : known);
            _builder.Add(ModelAttribute.ReservationToken, token);
        }
    }

    private void AddLifetime()
        => _builder.AddWord(ModelAttribute.Lifetime, _random.Pick((uint[])[0, 1, 599, 600, 601, 1200, 1800, 2400, 3600, 3601, uint.MaxValue, 40]));

    private void Refresh()
    {
        Begin(ModelMethod.Refresh);
        if (_random.OneIn(3))
        {
            AddLifetime();
        }
        else if (_random.OneIn(8))
        {
            _builder.AddWord(ModelAttribute.Lifetime, 0);
        }

        if (_random.OneIn(3))
        {
            _builder.AddWord(ModelAttribute.RequestedAddressFamily, (uint)_random.Pick((int[])[1, 1, 2, 2, 3]) << 24);
        }
    }

    private void CreatePermission(ModelAllocation? allocation)
    {
        Begin(ModelMethod.CreatePermission);
        int count = _random.OneIn(4) ? _random.Below(19) : 1 + _random.Below(2);
        for (int i = 0; i < count; i++)
        {
            ReferenceAddress peer = PeerFor(_random.OneIn(12) ? null : allocation);

            // Where there are many, one that is denied would spoil nearly all of them.
            if (allocation is not null && count > 3 && !_random.OneIn(40))
            {
                peer = _random.Pick(ModelUniverse.PublicPeers.Where(p => allocation.Find(p.Family) is not null).ToList());
            }

            _builder.AddXored(ModelAttribute.XorPeerAddress, peer);
        }

        if (_random.OneIn(50))
        {
            _builder.Add(ModelAttribute.XorPeerAddress, [0, 1, 0, 0]);
        }
    }

    private void ChannelBind(ModelAllocation? allocation)
    {
        Begin(ModelMethod.ChannelBind);
        ModelChannel? bound = allocation is { Channels.Count: > 0 } ? _random.Pick(allocation.Channels) : null;
        ReferenceAddress peer = bound is not null && _random.OneIn(2) ? bound.Peer : _random.OneIn(2) ? KnownPeer(allocation) : PeerFor(allocation);
        int number = bound is not null && _random.OneIn(2) ? bound.Number : 0x4000 + _random.Below(6);
        number = _random.OneIn(20) ? _random.Pick((int[])[0, 0x3FFF, 0x4FFF, 0x5000, 0x7FFF, 0x8000, 0xFFFF]) : number;
        if (!_random.OneIn(60))
        {
            _builder.AddWord(ModelAttribute.ChannelNumber, ((uint)number << 16) | (uint)_random.Below(2));
        }

        if (!_random.OneIn(60))
        {
            _builder.AddXored(ModelAttribute.XorPeerAddress, peer);
        }

        if (_random.OneIn(60))
        {
            _builder.AddXored(ModelAttribute.XorPeerAddress, AnyPeer());
        }
    }

    // Goes to the loop that the id names, as a rule, on a connection of its own, and from the user who has the allocation.
    private int? ConnectionBind(ref ModelClient client, ref ModelAllocation? allocation)
    {
        Begin(ModelMethod.ConnectionBind);
        IReadOnlyList<ModelConnection> connections = _random.Pick(_loops).Model.Connections;
        ModelConnection? connection = connections.Count > 0 && !_random.OneIn(10) ? _random.Pick(connections) : null;
        uint id = connection?.Id ?? (uint)_random.Next();
        if (!_random.OneIn(40))
        {
            _builder.AddWord(ModelAttribute.ConnectionId, id);
        }

        allocation = connection?.Relay.Owner ?? allocation;
        bool fits = false;
        for (int tries = 0; tries < 10 && !fits; tries++)
        {
            client = _random.Pick(_clients);
            fits = client.Tuple.IsStream && client.Nonce.Length > 0 && _loops[client.Shard].Model.Find(client.Tuple) is null;
        }

        return _random.OneIn(10) ? null : (int)(id >> 24) & 1;
    }

    // Of a family that the allocation has, mostly.
    private ReferenceAddress PeerFor(ModelAllocation? allocation)
    {
        ReferenceAddress peer = AnyPeer();
        for (int tries = 0; tries < 8 && allocation is not null && allocation.Find(peer.Family) is null; tries++)
        {
            peer = AnyPeer();
        }

        return peer;
    }

    private void Authenticate(ModelClient client, ModelAllocation? allocation)
    {
        int how = _random.Below(100);
        if (how < 4 || client.Nonce.Length == 0)
        {
            return;
        }

        ModelUser user = ModelUsers.Everybody[client.User];
        if (allocation is not null && how >= 10)
        {
            user = ModelUsers.Everybody.First(known => known.Name == allocation.Username);
        }

        user = how < 8 ? _random.Pick(ModelUsers.Everybody) : user;
        byte[] nonce = client.Nonce;
        if (how == 8)
        {
            nonce = [.. nonce];
            nonce[_random.Below(nonce.Length)] ^= 1;
        }
        else if (how == 9)
        {
            nonce = _random.Pick(_clients).Nonce;
        }

        if (how != 10)
        {
            bool hash = _random.OneIn(12);
            _builder.Add(hash ? ModelAttribute.Userhash : ModelAttribute.Username, hash ? user.Userhash : Encoding.UTF8.GetBytes(user.Name));
        }

        if (how == 11)
        {
            _builder.Add(ModelAttribute.Userhash, user.Userhash);
        }

        if (how != 12)
        {
            _builder.Add(ModelAttribute.Realm, how == 13 ? "example.net"u8 : "example.org"u8);
        }

        if (how != 14)
        {
            _builder.Add(ModelAttribute.Nonce, nonce);
        }

        Seal(client, user, how);
    }

    private void Seal(ModelClient client, ModelUser user, int how)
    {
        bool offered = client.Nonce.Length > 13 && ((ReferenceNonce.Read(client.Nonce) ?? 0) & 1) != 0;
        bool uses = offered ? !_random.OneIn(4) : _random.OneIn(30);
        bool sha256 = uses && !_random.OneIn(4);
        if (uses)
        {
            if (how != 15)
            {
                _builder.Add(ModelAttribute.PasswordAlgorithms, how == 16 ? [0, 1, 0, 0] : [0, 2, 0, 0, 0, 1, 0, 0]);
            }

            _builder.Add(ModelAttribute.PasswordAlgorithm, [0, (byte)(how == 17 ? 3 : sha256 ? 2 : 1), 0, 0]);
        }

        byte[] key = _random.Pick(sha256 && offered ? user.Sha256Keys : user.Md5Keys);
        key = how == 18 ? [.. key.Reverse()] : key;
        switch (_random.Below(20))
        {
            case 0:
                _builder.AddIntegrity(key).AddIntegritySha256(key);
                break;
            case 1 or 2 or 3:
                _builder.AddIntegritySha256(key, how == 19 ? 16 : 32);
                break;
            case 4:
                // What stands behind is nobody's business.
                _builder.AddIntegrity(key).AddWord(ModelAttribute.Lifetime, 3000).Add(0x7FFE, []);
                break;
            default:
                if (uses)
                {
                    _builder.AddIntegritySha256(key);
                }
                else
                {
                    _builder.AddIntegrity(key);
                }

                break;
        }
    }

    private void Tcp()
    {
        ModelLoop loop = _random.Pick(_loops);
        List<ModelConnection> connections = [.. loop.Model.Connections];
        int kind = _random.Below(10);
        if (kind < 5)
        {
            ModelRelay? relay = AnyRelay(ModelShared.Tcp, out loop);
            long id = relay is null || _random.OneIn(40) ? _random.Below(10) : relay.Id;
            if (loop.Model.FindRelay(id) is not { Owner.Protocol: ModelShared.Udp })
            {
                ReferenceAddress peer = KnownPeer(relay?.Owner);
                Trace($"accept {peer} at relay {id}");
                loop.AcceptPeer(id, peer, _now, out _);
                Messages++;
            }

            return;
        }

        uint connection = connections.Count > 0 && !_random.OneIn(20) ? _random.Pick(connections).Id : (uint)_random.Below(4);
        Messages++;
        if (kind < 8)
        {
            Trace($"connected {connection}");
            loop.HandlePeerConnected(connection, _now);
        }
        else if (kind < 9)
        {
            Trace($"connect failed {connection}");
            loop.HandlePeerConnectFailed(connection, _now);
        }
        else
        {
            Trace($"peer closed {connection}");
            loop.HandlePeerClosed(connection, _now);
        }
    }

    private void CloseClient()
    {
        ModelClient client = _random.Pick(_clients);
        if (!client.Tuple.IsStream)
        {
            return;
        }

        Trace($"closed {client.Tuple}");
        foreach (ModelLoop loop in _loops)
        {
            loop.HandleClientClosed(client.Tuple, _now);
        }

        Messages++;
        client.Sent.Clear();
    }
}
