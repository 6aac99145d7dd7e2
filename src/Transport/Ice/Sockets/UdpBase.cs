using System;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A UDP socket of one agent.</summary>
internal sealed class UdpBase(DatagramSocket socket) : IceBase
{
    public void Start(IceDriver driver)
    {
        int id = Id;
        socket.Start((source, datagram) => driver.Deliver(id, source, datagram));
    }

    public override bool Send(ReadOnlySpan<byte> packet, TransportAddress destination) => socket.Send(packet, destination);

    public override ValueTask DisposeAsync() => socket.DisposeAsync();
}
