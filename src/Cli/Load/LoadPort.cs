using System;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>A UDP socket of a <see cref="LoadLoop"/>. What the system refuses to send is counted there.</summary>
internal sealed class LoadPort(LoadLoop loop, ILoadReader reader) : IDatagramReader, IDisposable
{
    private DatagramPort? _port;

    public TransportAddress Local => _port!.Local;

    public void Attach(DatagramPort port) => _port = port;

    /// <summary>Queues a part of the slot that <see cref="LoadLoop.Reserve"/> has lent last.</summary>
    public void Queue(Range part, TransportAddress destination)
    {
        (int offset, int length) = part.GetOffsetAndLength(loop.SlotSize);
        if (!_port!.Send(loop.Slots, loop.SlotOffset + offset, length, destination, 0, dontFragment: false))
        {
            loop.Unsent++;
        }
    }

    /// <summary>Queues a copy.</summary>
    public void Queue(ReadOnlySpan<byte> message, TransportAddress destination)
    {
        message.CopyTo(loop.Reserve());
        Queue(..message.Length, destination);
    }

    public void OnReadable()
    {
        for (int taken = 0; taken < IDatagramReader.Burst; taken++)
        {
            ReceiveStatus status = _port!.Receive(loop.Inbound, 0, loop.Inbound.Bytes.Length, out DatagramArrival arrival);
            if (status == ReceiveStatus.Empty)
            {
                return;
            }

            if (status == ReceiveStatus.Received)
            {
                reader.OnDatagram(this, loop.Inbound.Slice(0, arrival.Length), arrival.Source);
            }
        }
    }

    public void Dispose() => _port?.Dispose();
}
