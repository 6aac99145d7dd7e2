using System;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>A UDP socket of a <see cref="LoadLoop"/>. What the system refuses to send is counted there.</summary>
internal sealed class LoadPort(LoadLoop loop, ILoadReader reader) : DatagramReader, IDisposable
{
    private DatagramPort? _port;

    public TransportAddress Local => _port!.Local;

    public void Attach(DatagramPort port) => _port = port;

    /// <summary>Queues a part of the slot that <see cref="LoadLoop.Reserve"/> has lent last.</summary>
    public void Queue(Range part, TransportAddress destination)
    {
        (int offset, int length) = part.GetOffsetAndLength(loop.SlotSize);
        _port!.Queue(new Departure(loop.Slots, loop.SlotOffset + offset, length, destination, TrafficClass: 0, Departure.NotRelayed));
    }

    /// <summary>Queues a copy.</summary>
    public void Queue(ReadOnlySpan<byte> message, TransportAddress destination)
    {
        message.CopyTo(loop.Reserve());
        Queue(..message.Length, destination);
    }

    public override void OnReadable(bool hasErrors)
    {
        _port!.Receive(spreads: false);
        while (loop.Arrivals.TryRead(out DatagramArrival arrival))
        {
            reader.OnDatagram(this, loop.Arrivals.Buffer.Slice(arrival.Offset, arrival.Length), arrival.Source);
        }
    }

    public override void OnRelayed(int datagrams, long bytes)
    {
        // Nothing is queued as somebody else's.
    }

    public override void OnUnsent(int datagrams) => loop.Unsent += datagrams;

    public void Dispose() => _port?.Dispose();
}
