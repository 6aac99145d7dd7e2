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

    public PortableDatagramPort(Socket socket, PortablePoller poller, DatagramReader owner)
        : base(socket, poller, owner)
    {
        _poller = poller;
        _source = new SocketAddress(socket.AddressFamily);
        _destination = new SocketAddress(socket.AddressFamily);
        TrySetDontFragment(false);
    }

    /// <summary>Sends all that it has queued.</summary>
    public void Send(DepartureQueue departures)
    {
        for (int index = FirstDeparture; index >= 0; index = departures.GetNext(index))
        {
            ref readonly Departure departure = ref departures[index];
            if (!TrySend(departure))
            {
                Owner.OnUnsent(1);
            }
            else if (departure.Relayed != Departure.NotRelayed)
            {
                Owner.OnRelayed(1, departure.Relayed);
            }
        }
    }

    public override bool TryReadIcmp(out TransportAddress destination, out IcmpError error)
    {
        destination = default;
        error = default;
        return false;
    }

    protected override bool Receive(ArrivalBatch arrivals)
    {
        // Asked first each time, since an empty socket would throw.
        try
        {
            while (arrivals.Free != 0 && Socket.Poll(0, SelectMode.SelectRead))
            {
                int length = Socket.ReceiveFrom(arrivals.Buffer.Slice(arrivals.GetOffset(0), ArrivalBatch.MessageSize), SocketFlags.None, _source);
                if (length == ArrivalBatch.MessageSize)
                {
                    arrivals.AddTruncated();
                }
                else
                {
                    arrivals.Add(length, 0, SocketAddressConversion.ToTransportAddress(_source), 0);
                }
            }

            return true;
        }
        catch (SocketException error)
        {
            if (error.SocketErrorCode != SocketError.MessageSize)
            {
                return false;
            }

            arrivals.AddTruncated();
            return true;
        }
    }

    protected override bool TrySendUnfragmented(in Departure departure)
    {
        bool sent = TrySetDontFragment(true) && TrySend(departure);
        TrySetDontFragment(false);
        return sent;
    }

    protected override void Detach() => _poller.Remove(Socket);

    private bool TrySend(in Departure departure)
    {
        try
        {
            SocketAddressConversion.Write(departure.Destination, _destination);
            return Socket.SendTo(departure.Buffer.Slice(departure.Offset, departure.Length), SocketFlags.None, _destination) == departure.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // IPv6 has no DF bit.
    private bool TrySetDontFragment(bool value)
    {
        try
        {
            if (Socket.AddressFamily == AddressFamily.InterNetwork)
            {
                Socket.DontFragment = value;
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
