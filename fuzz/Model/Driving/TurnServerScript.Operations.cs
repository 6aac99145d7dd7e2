using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>The operations.</content>
public sealed partial class TurnServerScript
{
    private static readonly int[] Methods =
    [
        ModelMethod.Allocate, ModelMethod.Refresh, ModelMethod.CreatePermission, ModelMethod.ChannelBind, ModelMethod.Connect,
        ModelMethod.ConnectionBind, ModelMethod.Binding, 2, ModelMethod.Send, ModelMethod.Data, 0x80, 0xFFF,
    ];

    private ReadOnlySpan<byte> NextId()
    {
        BinaryPrimitives.WriteUInt32BigEndian(_transactionId.AsSpan(8), ++_transactions);
        return _transactionId;
    }

    private ReferenceAddress NextPeer()
    {
        int choice = _script.Byte();
        int port = ModelUniverse.PeerPorts[(choice >> 5) % ModelUniverse.PeerPorts.Length];
        choice &= 31;
        switch (choice)
        {
            case < 18:
                return ModelUniverse.PublicPeers[choice] with { Port = port };
            case < 24:
                return ModelUniverse.DeniedPeers[choice % ModelUniverse.DeniedPeers.Length] with { Port = port };
            case < 26:
                return choice == 24 ? ModelUniverse.Server4 : ModelUniverse.Server6;
            case < 30 when AllRelays() is { Count: > 0 } relays:
                return relays[choice % relays.Count].Relay.Advertised;
            default:
                return _shared.Settings.RelayAddresses[0].Local with { Port = 49152 + choice };
        }
    }

    private List<(ModelLoop Loop, ModelRelay Relay)> AllRelays()
        => _loops.SelectMany(loop => loop.Model.Allocations.SelectMany(a => a.Relays).Select(relay => (loop, relay))).ToList();

    private (ModelLoop Loop, uint Id) NextConnection()
    {
        int choice = _script.Byte();
        List<(ModelLoop, uint)> all = _loops.SelectMany(loop => loop.Model.Connections.Select(connection => (loop, connection.Id))).ToList();
        return all.Count > 0 && choice < 250 ? all[choice % all.Count] : (_loops[choice & 1], (uint)choice << 24);
    }

    private (ModelLoop Loop, long Id, bool IsUdp) NextRelay()
    {
        int choice = _script.Byte();
        List<(ModelLoop Loop, ModelRelay Relay)> all = AllRelays();
        if (all.Count > 0 && choice < 250)
        {
            (ModelLoop loop, ModelRelay relay) = all[choice % all.Count];
            return (loop, relay.Id, relay.Owner.Protocol == ModelShared.Udp);
        }

        return (_loops[choice & 1], 1_000_000 + choice, true);
    }

    private void AddAttributes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int type = ScriptAttributes.Types[_script.Byte() % ScriptAttributes.Types.Length];
            int form = _script.Byte();
            if (form >= 0xC0)
            {
                _builder.Add(type, _script.Bytes(form & 0x3F));
            }
            else if (type is ModelAttribute.XorPeerAddress or ModelAttribute.XorRelayedAddress or ModelAttribute.XorMappedAddress)
            {
                _builder.AddXored(type, NextPeer());
            }
            else if (type == ModelAttribute.ReservationToken && _shared.Reservations.Count > 0)
            {
                byte[] token = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(token, _shared.Reservations.Keys.First());
                _builder.Add(type, token);
            }
            else if (type == ModelAttribute.ConnectionId)
            {
                _builder.AddWord(type, NextConnection().Id);
            }
            else
            {
                _builder.Add(type, ScriptAttributes.Value(type, form));
            }
        }
    }

    private void Request()
    {
        ModelClient client = NextClient();
        int method = Methods[_script.Byte() % Methods.Length];
        int manner = _script.Byte();
        int count = _script.Byte() % 20;
        if (client.Nonce.Length == 0)
        {
            _builder.Start(ModelMethod.Allocate, ModelMethod.Request, NextId()).AddWord(ModelAttribute.RequestedTransport, 17u << 24);
            Deliver(client, _builder.ToArray());
        }

        _builder.Start(method, ModelMethod.Request, NextId());
        AddAttributes(count);
        int? shard = method == ModelMethod.ConnectionBind && client.Tuple.IsStream ? (manner >> 7) & 1 : null;
        Seal(client, manner);
        Deliver(client, _builder.ToArray(), shard);
    }

    // The low bits: 0 to 7 as it should be; bits 3 to 6 are what is wrong, or odd.
    private void Seal(ModelClient client, int manner)
    {
        int wrong = (manner >> 3) & 15;
        ModelUser user = ModelUsers.Everybody[wrong == 1 ? (client.User + 1) % 5 : wrong == 2 ? 5 : client.User];
        if (wrong == 3)
        {
            return;
        }

        bool hash = wrong == 4;
        _builder.Add(hash ? ModelAttribute.Userhash : ModelAttribute.Username, hash ? user.Userhash : Encoding.UTF8.GetBytes(user.Name));
        _builder.Add(ModelAttribute.Realm, wrong == 5 ? "example.net"u8 : "example.org"u8);
        byte[] nonce = client.Nonce;
        if (wrong == 6 && nonce.Length > 20)
        {
            nonce = [.. nonce];
            nonce[20] ^= 1;
        }

        if (wrong != 7)
        {
            _builder.Add(ModelAttribute.Nonce, nonce);
        }

        bool offered = nonce.Length > 13 && ((ReferenceNonce.Read(nonce) ?? 0) & 1) != 0;
        bool sha256 = offered && wrong != 8;
        if (sha256)
        {
            _builder.Add(ModelAttribute.PasswordAlgorithms, wrong == 9 ? [0, 1, 0, 0] : [0, 2, 0, 0, 0, 1, 0, 0]);
            _builder.Add(ModelAttribute.PasswordAlgorithm, [0, 2, 0, 0]);
        }

        byte[] key = wrong == 10 ? new byte[16] : sha256 ? user.Sha256Keys[0] : user.Md5Keys[0];
        if (sha256 || wrong == 11)
        {
            _builder.AddIntegritySha256(key, wrong == 12 ? 20 : 32);
        }
        else
        {
            _builder.AddIntegrity(key);
        }

        if (wrong == 13)
        {
            _builder.AddWord(ModelAttribute.Lifetime, 3000);
        }

        if ((manner & 4) != 0)
        {
            _builder.AddFingerprint();
        }
    }

    private void Mutated()
    {
        ModelClient client = NextClient();
        int at = _script.Word();
        int value = _script.Byte();
        if (client.Sent.Count > 0 && client.Sent[^1].Length > 0)
        {
            byte[] message = [.. client.Sent[^1]];
            message[at % message.Length] ^= (byte)value;
            Deliver(client, message);
        }
    }

    private void Send()
    {
        ModelClient client = NextClient();
        ReferenceAddress peer = NextPeer();
        int count = _script.Byte() % 4;
        _builder.Start(ModelMethod.Send, ModelMethod.Indication, NextId()).AddXored(ModelAttribute.XorPeerAddress, peer);
        AddAttributes(count);
        byte[] data = new byte[_script.Byte()];
        _builder.Add(ModelAttribute.Data, data);
        Deliver(client, _builder.ToArray());
    }

    private void SendOnChannel()
    {
        ModelClient client = NextClient();
        int number = 0x4000 + (_script.Byte() % 8);
        int stated = _script.Byte();
        byte[] message = new byte[4 + _script.Byte()];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)number);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(stated == 255 ? message.Length - 4 : stated));
        Deliver(client, message);
    }

    private void PeerDatagram()
    {
        (ModelLoop loop, long id, bool isUdp) = NextRelay();
        ReferenceAddress peer = NextPeer();
        int length = _script.Byte();
        if (isUdp)
        {
            ModelDisposition disposition = loop.HandlePeerDatagram(id, peer, new byte[length == 255 ? 65500 : length], _now);
            Accepted += disposition == ModelDisposition.Relayed ? 1 : 0;
        }
    }

    private void Icmp()
    {
        (ModelLoop loop, long id, bool isUdp) = NextRelay();
        ReferenceAddress peer = NextPeer();
        int type = _script.Byte() % 16;
        int code = _script.Byte();
        if (isUdp)
        {
            loop.HandleIcmp(id, peer, type, code, (uint)code, _now);
        }
    }

    private void Accept()
    {
        (ModelLoop loop, long id, bool isUdp) = NextRelay();
        ReferenceAddress peer = NextPeer();
        if (!isUdp || id >= 1_000_000)
        {
            loop.AcceptPeer(id, peer, _now, out _);
        }
    }
}
