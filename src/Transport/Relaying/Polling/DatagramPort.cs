using System;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// A UDP socket of one loop. No call blocks, allocates or throws: what the network does to a datagram is a lost datagram.
/// </summary>
internal abstract class DatagramPort : IDisposable
{
    protected DatagramPort(Socket socket)
    {
        Socket = socket;
        Local = UdpSockets.GetLocal(socket);
    }

    public TransportAddress Local { get; }

    protected Socket Socket { get; }

    /// <summary>Takes one datagram.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="offset">Where in the buffer.</param>
    /// <param name="length">How much room there is; a datagram that fills it was cut.</param>
    /// <param name="arrival">Length and source.</param>
    public abstract ReceiveStatus Receive(PinnedBuffer buffer, int offset, int length, out DatagramArrival arrival);

    /// <summary>Sends one datagram; false where the system refuses it.</summary>
    public abstract bool Send(
        PinnedBuffer buffer,
        int offset,
        int length,
        TransportAddress destination,
        byte trafficClass,
        bool dontFragment);

    /// <summary>Takes one ICMP error about a datagram that was sent, of the types that RFC 8656 section 11.5 names.</summary>
    /// <param name="destination">Where the datagram was sent.</param>
    /// <param name="error">The error.</param>
    public abstract bool TryReadIcmp(out TransportAddress destination, out IcmpError error);

    /// <summary>Closes the socket.</summary>
    public void Dispose()
    {
        Detach();
        Socket.Dispose();
    }

    /// <summary>Ends the watch over the socket.</summary>
    protected abstract void Detach();
}
