using System;
using System.Net;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>A socket that sends what nobody should, and counts what is answered.</summary>
internal sealed class FloodSource : ILoadReader, IDisposable
{
    private static readonly byte[] Noise = RandomNumberGenerator.GetBytes(1 << 16);

    private readonly FloodPlan _plan;
    private readonly LoadLoop _loop;
    private readonly LoadPort _port;
    private readonly TransportAddress _server;
    private readonly byte[] _user;
    private byte[] _realm = [];
    private byte[] _nonce = [];
    private int _place;
    private long _sequence;

    public FloodSource(LoadTarget target, LoadLoop loop, FloodPlan plan, IPAddress local)
    {
        _plan = plan;
        _loop = loop;
        _server = TransportAddress.FromIPEndPoint(target.Server);
        _user = System.Text.Encoding.UTF8.GetBytes(plan.User);
        _place = RandomNumberGenerator.GetInt32(Noise.Length);
        _port = loop.Open(new IPEndPoint(local, 0), this);
    }

    /// <summary>Datagrams that have come back.</summary>
    public long Answers { get; private set; }

    /// <summary>Whether the server has given this source a nonce.</summary>
    public bool HasNonce => _nonce.Length != 0;

    public void Send()
    {
        Span<byte> slot = _loop.Reserve();
        int length = _plan.Kind switch
        {
            FloodKind.Garbage => WriteNoise(slot[.._plan.Size]),
            FloodKind.Binding => WriteBinding(slot),
            FloodKind.Forged when HasNonce => WriteForged(slot),
            _ => WriteAllocate(slot),
        };
        _port.Queue(..length, _server);
    }

    /// <summary>Asks for a nonce, by a request without a credential.</summary>
    public void AskForNonce() => _port.Queue(..WriteAllocate(_loop.Reserve()), _server);

    public void OnDatagram(LoadPort port, ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        Answers++;
        if (_plan.Kind == FloodKind.Forged
            && StunMessage.Decode(datagram, out StunMessage message) == StunDecodeStatus.Ok
            && message.ReadNonce(out ReadOnlySpan<byte> nonce) == StunAttributeStatus.Present)
        {
            _nonce = nonce.ToArray();
            _realm = message.ReadRealm(out ReadOnlySpan<byte> realm) == StunAttributeStatus.Present ? realm.ToArray() : _realm;
        }
    }

    public void Dispose() => _port.Dispose();

    private int WriteNoise(Span<byte> slot)
    {
        _place = (_place + 127) % (Noise.Length - slot.Length);
        Noise.AsSpan(_place, slot.Length).CopyTo(slot);
        return slot.Length;
    }

    private int WriteBinding(Span<byte> slot)
    {
        BindingSource.Write(slot[..StunMessage.HeaderSize], (uint)_place, _sequence++);
        return StunMessage.HeaderSize;
    }

    private int WriteAllocate(Span<byte> slot)
    {
        StunMessageWriter writer = Begin(slot);
        return writer.Length;
    }

    private int WriteForged(Span<byte> slot)
    {
        StunMessageWriter writer = Begin(slot);
        writer.AddUsername(_user);
        writer.AddRealm(_realm);
        writer.AddNonce(_nonce);

        // Twenty bytes that are no HMAC of anything: whoever is flooded does the computing.
        Span<byte> code = stackalloc byte[MessageIntegrity.ValueSize];
        WriteNoise(code);
        writer.Add(StunAttributeType.MessageIntegrity, code);
        return writer.Length;
    }

    private StunMessageWriter Begin(Span<byte> slot)
    {
        Span<byte> id = stackalloc byte[TransactionId.Size];
        WriteNoise(id);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id[4..], _sequence++);
        var writer = new StunMessageWriter(slot, new StunMessageType(StunMethod.Allocate, StunClass.Request), TransactionId.Read(id));
        writer.AddRequestedTransport(RelayProtocol.Udp);
        return writer;
    }
}
