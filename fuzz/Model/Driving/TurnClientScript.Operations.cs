using System;
using System.Buffers.Binary;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Stun;
using Stack.Turn;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <content>The operations.</content>
public sealed partial class TurnClientScript
{
    private static readonly int[] Codes = [0, 300, 400, 401, 403, 420, 437, 438, 440, 441, 442, 443, 446, 447, 486, 487, 500, 508];

    private void Step()
    {
        switch ((ClientScriptOperation)(_script.Byte() % ((int)ClientScriptOperation.DataConnection + 1)))
        {
            case ClientScriptOperation.Respond or ClientScriptOperation.RespondToo:
                Respond();
                break;
            case ClientScriptOperation.Data:
                _builder.Start(ModelMethod.Data, ModelMethod.Indication, new byte[12]).AddXored(ModelAttribute.XorPeerAddress, NextPeer());
                AddAttributes(_script.Byte() % 4);
                _builder.Add(ModelAttribute.Data, new byte[_script.Byte()]);
                Deliver(_builder.ToArray());
                break;
            case ClientScriptOperation.Indication:
                _builder.Start(_script.Byte() % 16, ModelMethod.Indication, new byte[12]);
                AddAttributes(_script.Byte() % 6);
                Deliver(_builder.ToArray());
                break;
            case ClientScriptOperation.ChannelData:
                int channel = 0x4000 + (_script.Byte() % 8);
                int stated = _script.Byte();
                byte[] message = new byte[4 + _script.Byte()];
                BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)channel);
                BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(stated == 255 ? message.Length - 4 : stated));
                Deliver(message);
                break;
            case ClientScriptOperation.Raw:
                Deliver(_script.Bytes(_script.Byte()).ToArray());
                break;
            case ClientScriptOperation.Mutated:
                int at = _script.Word();
                byte value = (byte)_script.Byte();
                byte[] changed = [.. _last];
                if (changed.Length > 0)
                {
                    changed[at % changed.Length] ^= value;
                    Deliver(changed);
                }

                break;
            case ClientScriptOperation.FromElsewhere:
                Deliver(_last, ServerAddress.WithPort(3479));
                break;
            case ClientScriptOperation.Time:
                Wait(_script.Byte() % 5, _script.Byte());
                break;
            case ClientScriptOperation.DataConnection:
                DataConnection();
                break;
            default:
                Command(_script.Byte() % 8);
                break;
        }
    }

    private ReferenceAddress NextPeer()
    {
        int choice = _script.Byte();
        return ModelUniverse.PublicPeers[(choice & 31) % ModelUniverse.PublicPeers.Length] with { Port = choice < 224 ? 5000 + (choice >> 5) : 0 };
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
            else if (type == ModelAttribute.ConnectionId)
            {
                _builder.AddWord(type, (uint)form);
            }
            else
            {
                _builder.Add(type, ScriptAttributes.Value(type, form));
            }
        }
    }

    /// <summary>
    /// Answers a request. To one that was protected only a response that is protected with the same key may be a success; the client must not
    /// take another one for an answer.
    /// </summary>
    private void Respond()
    {
        int which = _script.Byte();
        int code = Codes[_script.Byte() % Codes.Length];
        int manner = _script.Byte();
        int count = _script.Byte() % 6;
        if (_requests.Count == 0)
        {
            return;
        }

        byte[] request = _requests[^(1 + (which % _requests.Count))];
        _message.Load(request, acceptClassic: false);
        byte[]? key = KeyOf(out _);
        bool isProtected = _message.MessageIntegrityOffset >= 0 || _message.MessageIntegritySha256Offset >= 0;
        bool sha256 = _message.PasswordAlgorithm.Presence == ReferencePresence.Present;
        int method = _message.Method;
        _builder.Start(method, code == 0 ? ModelMethod.Success : ModelMethod.Error, request.AsSpan(8, 12));
        AddAttributes(count);
        AddExpected(method, code, (manner & 8) == 0);
        int wrong = manner & 7;
        if (key is not null && wrong < 5)
        {
            if (sha256)
            {
                _builder.AddIntegritySha256(key);
            }
            else
            {
                _builder.AddIntegrity(key);
            }
        }
        else if (wrong == 5)
        {
            _builder.AddIntegrity(new byte[16]);
        }

        if ((manner & 16) != 0)
        {
            _builder.AddFingerprint();
        }

        Deliver(_builder.ToArray());
        bool mustNotCount = isProtected && code == 0 && (wrong >= 5 || key is null);
        Require(!mustNotCount || !_events.Exists(IsSuccess), "a success that nobody has vouched for");
    }

    // On a stream a response that is not believed ends the transaction: that is no success.
    private static bool IsSuccess(ClientAllocationEvent happened) => happened.Kind switch
    {
        ClientAllocationEventKind.Allocated or ClientAllocationEventKind.PermissionInstalled or ClientAllocationEventKind.ChannelBound
            or ClientAllocationEventKind.PeerConnected => true,
        ClientAllocationEventKind.AllocationReleased => happened.Failure is null,
        _ => false,
    };

    private void AddExpected(int method, int code, bool complete)
    {
        if (code != 0)
        {
            _builder.AddWord(ModelAttribute.ErrorCode, ((uint)code / 100 << 8) | ((uint)code % 100));
        }

        if (!complete)
        {
            return;
        }

        switch (code)
        {
            case 401 or 438:
                bool algorithms = (_script.Byte() & 1) != 0;
                _builder.Add(ModelAttribute.Realm, "example.org"u8);
                _builder.Add(ModelAttribute.Nonce, algorithms ? "obMatJos2gAAAnonce"u8 : "obMatJos2AAAAnonce"u8);
                if (algorithms)
                {
                    _builder.Add(ModelAttribute.PasswordAlgorithms, [0, 2, 0, 0, 0, 1, 0, 0]);
                }

                break;
            case 300:
                _builder.Add(ModelAttribute.AlternateServer, [0, 1, 0x0D, 0x97, 5, 5, 5, 6]);
                break;
            case 0 when method == ModelMethod.Allocate:
                bool six = _options.Family == StunAddressFamily.IPv6;
                _builder.AddXored(ModelAttribute.XorRelayedAddress, (six ? ModelUniverse.Relays[3] : ModelUniverse.Relays[0]).Advertised with { Port = 50000 });
                if (_options.Dual)
                {
                    _builder.AddXored(ModelAttribute.XorRelayedAddress, ModelUniverse.Relays[3].Advertised with { Port = 50001 });
                }

                _builder.AddWord(ModelAttribute.Lifetime, 600).AddXored(ModelAttribute.XorMappedAddress, ModelUniverse.Clients[0] with { Port = 40000 });
                break;
            case 0 when method == ModelMethod.Refresh:
                _builder.AddWord(ModelAttribute.Lifetime, 600);
                break;
            case 0 when method == ModelMethod.Connect:
                _builder.AddWord(ModelAttribute.ConnectionId, 7);
                break;
        }
    }

    private void Wait(int kind, int amount)
    {
        long until = kind switch
        {
            0 => _now + (amount * TimeSpan.TicksPerMillisecond),
            1 => _now + (amount * TimeSpan.TicksPerSecond),
            2 => _now + ((amount % 64) * TimeSpan.TicksPerMinute),
            3 => _client.NextTimeout?.Ticks ?? _now,
            _ => (_client.NextTimeout?.Ticks ?? _now + 1) - 1,
        };
        until = Math.Max(_now, until);
        if (kind == 2 && (amount & 64) != 0)
        {
            // A machine that slept: nobody called in between.
            _now = until;
        }

        while (_client.NextTimeout is { } next && next.Ticks <= until)
        {
            _now = Math.Max(_now, next.Ticks);
            _client.HandleTimeout(Now);
            Check();
            Require(_client.NextTimeout is not { } after || after > Now, "a timeout without progress");
        }

        _now = until;
    }

    private void Command(int kind)
    {
        TransportAddress peer = NextPeer().ToServer();
        bool active = _client.State == ClientAllocationState.Active;
        bool covered = active && _client.Grant!.Covers(peer.Family);
        switch (kind)
        {
            case 0 or 1 when covered:
                _client.Permit(peer, Now);
                break;
            case 2 or 3 when covered && peer.Port != 0 && _options.Protocol == RelayProtocol.Udp:
                _client.BindChannel(peer, Now);
                break;
            case 4 when covered && peer.Port != 0 && _options.Protocol == RelayProtocol.Tcp:
                Connect(peer);
                break;
            case 5 when active:
                _client.Refresh(Now);
                break;
            case 6:
                Frame(peer);
                return;
            case 7:
                End(_script.Byte() % 3);
                break;
        }

        Check();
    }

    // The one mistake of a caller that cannot be seen from outside: a connection to the peer is being made.
    private void Connect(TransportAddress peer)
    {
        try
        {
            _client.Connect(peer, Now);
        }
        catch (InvalidOperationException)
        {
            return;
        }
    }

    private void End(int how)
    {
        switch (how)
        {
            case 0:
                _client.Release(Now);
                break;
            case 1:
                _client.HandleUnreachable(Now);
                break;
            case 2 when IsStream:
                _client.HandleConnectionLost(Now);
                break;
        }
    }

    private void Frame(TransportAddress peer)
    {
        int length = _script.Byte();
        SendForm form = (_script.Byte() % 3) switch
        {
            1 => SendForm.Indication,
            2 when _options.DontFragment => SendForm.IndicationWithoutFragments,
            _ => SendForm.Shortest,
        };
        byte[] buffer = new byte[ClientAllocation.PayloadOffset + length + ClientAllocation.PayloadPadding];
        byte[] payload = Enumerable.Range(1, length).Select(static i => (byte)i).ToArray();
        payload.CopyTo(buffer, ClientAllocation.PayloadOffset);
        SendStatus status = _client.TryFrame(buffer, length, peer, form, Now, out Range range);
        Check();
        if (status == SendStatus.ChannelData)
        {
            byte[] sent = buffer[range];
            bool right = (sent[0] & 0xF0) == 0x40 && ((sent[2] << 8) | sent[3]) == length && sent.AsSpan(4, length).SequenceEqual(payload);
            Require(right && (!IsStream || sent.Length % 4 == 0), "ChannelData is wrong");
        }
        else if (status == SendStatus.Indication)
        {
            byte[] sent = buffer[range];
            ExpectedMessage indication = new ExpectedMessage(ModelMethod.Send, ModelMethod.Indication, null)
                .WithXored(ModelAttribute.XorPeerAddress, peer.ToModel())
                .With(ModelAttribute.Data, payload);
            if (form == SendForm.IndicationWithoutFragments)
            {
                indication.With(ModelAttribute.DontFragment);
            }

            Require(indication.Matches(sent), $"Send indication: {indication.FindMismatch(sent)}");
        }
    }

    private void DataConnection()
    {
        int code = Codes[_script.Byte() % Codes.Length];
        int manner = _script.Byte();
        if (_options.Protocol != RelayProtocol.Tcp || _client.State != ClientAllocationState.Active)
        {
            return;
        }

        using ClientDataConnection connection = _client.BeginDataConnection(new ConnectionId(7), Now);
        Require(connection.TryReadTransmit(_buffer, Now, out StunTransmit transmit), "a data connection that asks for nothing");
        byte[] request = _buffer.AsSpan(0, transmit.Length).ToArray();
        Require(_message.Load(request, acceptClassic: false) == ReferenceVerdict.Ok && _message.Method == ModelMethod.ConnectionBind, "no ConnectionBind");
        byte[]? key = KeyOf(out _);
        bool isProtected = _message.MessageIntegrityOffset >= 0 || _message.MessageIntegritySha256Offset >= 0;
        bool sha256 = _message.PasswordAlgorithm.Presence == ReferencePresence.Present;
        _builder.Start(ModelMethod.ConnectionBind, code == 0 ? ModelMethod.Success : ModelMethod.Error, request.AsSpan(8, 12));
        AddExpected(ModelMethod.ConnectionBind, code, complete: true);
        bool vouched = key is not null && (manner & 3) != 3;
        if (vouched)
        {
            _ = sha256 ? _builder.AddIntegritySha256(key!) : _builder.AddIntegrity(key!);
        }

        connection.HandleMessage(_builder.ToArray(), Now);
        Require(!connection.IsBound || (code == 0 && (vouched || !isProtected)), "a data connection that nobody has vouched for");
        for (int steps = 0; connection.NextTimeout is { } next; steps++)
        {
            Require(steps < 100, "a data connection waits for ever");
            connection.HandleTimeout(next);
            while (connection.TryReadTransmit(_buffer, next, out _))
            {
                Require(steps < 100, "requests without end");
            }
        }
    }
}
