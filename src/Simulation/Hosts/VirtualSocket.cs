using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A UDP socket of a host.</summary>
public sealed class VirtualSocket : IDisposable
{
    private const int MaxPayload = 65_507;

    private readonly Queue<(TransportAddress Source, byte[] Payload)> _received = new();
    private bool _closed;

    internal VirtualSocket(VirtualHost host, TransportAddress local)
    {
        Host = host;
        Local = local;
    }

    /// <summary>The host.</summary>
    public VirtualHost Host { get; }

    /// <summary>Where it is bound; the port is there, the address may be 0.0.0.0 or ::.</summary>
    public TransportAddress Local { get; }

    /// <summary>Takes what comes; null, as at first, to have it wait for <see cref="TryReceive"/>.</summary>
    public DatagramHandler? Received { get; set; }

    /// <summary>Takes ICMP errors; null for none.</summary>
    public UnreachableHandler? Unreachable { get; set; }

    /// <summary>How many datagrams wait at most; what comes when so many do is dropped. 256 by default.</summary>
    public int Capacity { get; set; } = 256;

    /// <summary>How many datagrams were sent.</summary>
    public long SentCount { get; private set; }

    /// <summary>How many datagrams were received.</summary>
    public long ReceivedCount { get; private set; }

    /// <summary>Sends a datagram.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="payload">0 to 65,507 bytes; copied.</param>
    /// <param name="dontFragment">Whether it must not be fragmented.</param>
    public SendOutcome Send(TransportAddress destination, ReadOnlySpan<byte> payload, bool dontFragment = false)
    {
        if (_closed)
        {
            return SendOutcome.Closed;
        }

        if (payload.Length > MaxPayload)
        {
            return SendOutcome.TooLong;
        }

        SendOutcome outcome = Host.Prepare(Local, destination, out VirtualInterface? via, out TransportAddress source);
        if (outcome != SendOutcome.Sent)
        {
            return outcome;
        }

        SentCount++;
        Packet packet = Host.Simulator.Rent();
        packet.Protocol = PacketProtocol.Udp;
        packet.Source = source;
        packet.Destination = destination;
        packet.DontFragment = dontFragment;
        packet.SetPayload(payload);
        Host.Send(packet, via);
        return SendOutcome.Sent;
    }

    /// <summary>Reads a datagram that waits.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="payload">Its bytes, which are the caller's.</param>
    /// <returns>False where none waits.</returns>
    public bool TryReceive(out TransportAddress source, out ReadOnlyMemory<byte> payload)
    {
        bool any = _received.TryDequeue(out (TransportAddress Source, byte[] Payload) next);
        source = next.Source;
        payload = next.Payload;
        return any;
    }

    /// <summary>Closes the socket: its port is free, and nothing is called any more.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            Host.Close(this);
        }
    }

    internal bool HasRoom => _received.Count < Capacity;

    internal void Deliver(TransportAddress source, ReadOnlySpan<byte> payload)
    {
        ReceivedCount++;
        if (Received is null)
        {
            _received.Enqueue((source, payload.ToArray()));
        }
        else
        {
            Received(this, source, payload);
        }
    }
}
