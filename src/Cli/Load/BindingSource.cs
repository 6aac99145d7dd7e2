using System;
using System.Buffers.Binary;
using System.Net;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>A socket that sends Binding requests and checks the answers: transaction, source and mapped address.</summary>
internal sealed class BindingSource : ILoadReader, IDisposable
{
    // A power of two; what is older than that many requests has no time of its own any more.
    private const int Remembered = 8192;

    private readonly long[] _sentAt = new long[Remembered];
    private readonly SequenceWindow _arrived = new();
    private readonly LoadPort _port;
    private readonly LoadLoop _loop;
    private readonly LoadRun _run;
    private readonly LoadTarget _target;
    private readonly TransportAddress _server;
    private readonly uint _mark;
    private TransportAddress _mapped;
    private long _next;
    private long _first;

    public BindingSource(LoadTarget target, LoadLoop loop, LoadRun run, IPAddress local, uint mark)
    {
        _target = target;
        _loop = loop;
        _run = run;
        _mark = mark;
        _server = TransportAddress.FromIPEndPoint(target.Server);
        _port = loop.Open(new IPEndPoint(local, 0), this);

        // On one machine nothing translates addresses; elsewhere the first answer says what all must say.
        _mapped = _server.IsLoopback ? _port.Local : default;
    }

    public void BeginCounting() => _first = _next;

    public void Send()
    {
        Span<byte> slot = _loop.Reserve()[..StunMessage.HeaderSize];
        Write(slot, _mark, _next);
        _sentAt[_next++ % Remembered] = _loop.Time.GetTimestamp();
        Show(isSent: true, slot);
        _port.Queue(..StunMessage.HeaderSize, _server);
    }

    public void OnDatagram(LoadPort port, ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        Show(isSent: false, datagram);
        if (source != _server || !TryRead(datagram, out long sequence))
        {
            _run.Tally.Corrupted++;
        }
        else if (_arrived.TryAdd(sequence))
        {
            _run.NoteArrival(sequence >= _first, _sentAt[sequence % Remembered]);
        }
        else
        {
            _run.Tally.Duplicates++;
        }
    }

    public void Dispose() => _port.Dispose();

    /// <summary>Writes a Binding request with nothing in it, whose transaction id is a mark and a number.</summary>
    public static void Write(Span<byte> request, uint mark, long sequence)
    {
        Span<byte> id = stackalloc byte[TransactionId.Size];
        BinaryPrimitives.WriteUInt32BigEndian(id, mark);
        BinaryPrimitives.WriteInt64BigEndian(id[4..], sequence);
        _ = new StunMessageWriter(request, StunMessageType.BindingRequest, TransactionId.Read(id)).Written;
    }

    private bool TryRead(ReadOnlySpan<byte> datagram, out long sequence)
    {
        sequence = -1;
        if (StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok
            || message.Type != StunMessageType.BindingSuccessResponse
            || message.ReadXorMappedAddress(out TransportAddress mapped) != StunAttributeStatus.Present)
        {
            return false;
        }

        ReadOnlySpan<byte> id = datagram.Slice(StunMessage.HeaderSize - TransactionId.Size, TransactionId.Size);
        sequence = BinaryPrimitives.ReadInt64BigEndian(id[4..]);
        if (BinaryPrimitives.ReadUInt32BigEndian(id) != _mark || sequence < 0 || sequence >= _next)
        {
            return false;
        }

        _mapped = _mapped.IsNone ? mapped : _mapped;
        return mapped == _mapped;
    }

    private void Show(bool isSent, ReadOnlySpan<byte> message)
        => _target.Trace?.Invoke(new Transport.StunTrace(isSent, _target.Server, StunTransport.Udp, message.ToArray()));
}
