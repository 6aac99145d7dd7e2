using System.Net;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A UDP socket through <see cref="System.Net.Sockets.Socket"/> alone: no ICMP errors, and the byte of the IP header is the default.</summary>
internal sealed class PortableDatagramPort : DatagramPort
{
    private readonly PortablePoller _poller;
    private readonly SocketAddress _source;
    private readonly SocketAddress _destination;
    private bool _dontFragment;

    public PortableDatagramPort(Socket socket, PortablePoller poller)
        : base(socket)
    {
        _poller = poller;
        _source = new SocketAddress(socket.AddressFamily);
        _destination = new SocketAddress(socket.AddressFamily);
        TrySetDontFragment(false);
    }

    public override ReceiveStatus Receive(PinnedBuffer buffer, int offset, int length, out DatagramArrival arrival)
    {
        arrival = default;
        try
        {
            // Asked first, since an empty socket would throw.
            if (!Socket.Poll(0, SelectMode.SelectRead))
            {
                return ReceiveStatus.Empty;
            }

            int received = Socket.ReceiveFrom(buffer.Slice(offset, length), SocketFlags.None, _source);
            if (received >= length)
            {
                return ReceiveStatus.Truncated;
            }

            arrival = new DatagramArrival(received, SocketAddressConversion.ToTransportAddress(_source), 0);
            return ReceiveStatus.Received;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.MessageSize ? ReceiveStatus.Truncated : ReceiveStatus.Failed;
        }
    }

    public override bool Send(
        PinnedBuffer buffer,
        int offset,
        int length,
        TransportAddress destination,
        byte trafficClass,
        bool dontFragment)
    {
        if (destination.Family != Local.Family || (dontFragment != _dontFragment && !TrySetDontFragment(dontFragment)))
        {
            return false;
        }

        try
        {
            SocketAddressConversion.Write(destination, _destination);
            return Socket.SendTo(buffer.Slice(offset, length), SocketFlags.None, _destination) == length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public override bool TryReadIcmp(out TransportAddress destination, out IcmpError error)
    {
        destination = default;
        error = default;
        return false;
    }

    protected override void Detach() => _poller.Remove(Socket);

    // IPv6 has no DF bit.
    private bool TrySetDontFragment(bool value)
    {
        try
        {
            if (Socket.AddressFamily == AddressFamily.InterNetwork)
            {
                Socket.DontFragment = value;
            }

            _dontFragment = value;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
