using System.Collections.Generic;

namespace Stack.Simulation;

/// <summary>Packets that have come to their end, with their buffers, for the next ones.</summary>
internal sealed class PacketPool
{
    private const int MaxKept = 256;

    private readonly Stack<Packet> _free = new();

    public Packet Rent() => _free.TryPop(out Packet? packet) ? packet : new Packet();

    public void Return(Packet packet)
    {
        if (_free.Count < MaxKept)
        {
            packet.Reset();
            _free.Push(packet);
        }
    }
}
