using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>An IP packet on its way. Belongs to whoever handles it, and goes back to the pool at its end.</summary>
internal sealed class Packet : SimulationEvent
{
    private byte[] _buffer = [];

    public PacketProtocol Protocol { get; set; }

    public TransportAddress Source { get; set; }

    public TransportAddress Destination { get; set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(0, Length);

    public Span<byte> MutablePayload => _buffer.AsSpan(0, Length);

    public bool DontFragment { get; set; }

    /// <summary>How many routers it has passed.</summary>
    public int Hops { get; set; }

    /// <summary>Whether it has been in the queue, so that handlers can be called without being within the call that has sent it.</summary>
    public bool HasTravelled { get; set; }

    public TcpFlags Flags { get; set; }

    public long Sequence { get; set; }

    public long Acknowledgment { get; set; }

    /// <summary>Of an ICMP error: what is wrong.</summary>
    public UnreachableReason Reason { get; set; }

    /// <summary>Of an ICMP error: the protocol of the packet that it is about.</summary>
    public PacketProtocol QuotedProtocol { get; set; }

    /// <summary>Of an ICMP error: where the packet that it is about was going to. It came from <see cref="Destination"/>.</summary>
    public TransportAddress Quoted { get; set; }

    /// <summary>Where it is, while it is in the queue.</summary>
    public LinkDirection? Hop { get; set; }

    /// <summary>The size with the headers of IP and of the transport.</summary>
    public int WireSize => Length
        + (Destination.Family == StunAddressFamily.IPv4 ? 20 : 40)
        + (Protocol == PacketProtocol.Tcp ? 20 : 8);

    public bool Has(TcpFlags flag) => (Flags & flag) != TcpFlags.None;

    public void SetPayload(ReadOnlySpan<byte> payload)
    {
        if (_buffer.Length < payload.Length)
        {
            _buffer = new byte[Math.Max(256, payload.Length)];
        }

        payload.CopyTo(_buffer);
        Length = payload.Length;
    }

    public void CopyFrom(Packet other)
    {
        Protocol = other.Protocol;
        Source = other.Source;
        Destination = other.Destination;
        DontFragment = other.DontFragment;
        Hops = other.Hops;
        HasTravelled = other.HasTravelled;
        Flags = other.Flags;
        Sequence = other.Sequence;
        Acknowledgment = other.Acknowledgment;
        Reason = other.Reason;
        QuotedProtocol = other.QuotedProtocol;
        Quoted = other.Quoted;
        SetPayload(other.Payload);
    }

    public void Reset()
    {
        Length = 0;
        DontFragment = false;
        Hops = 0;
        HasTravelled = false;
        Flags = TcpFlags.None;
        Hop = null;
    }

    public override void Fire()
    {
        HasTravelled = true;
        Hop!.Arrive(this);
    }
}
