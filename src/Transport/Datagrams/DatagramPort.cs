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
    private readonly DatagramPoller _poller;

    protected DatagramPort(Socket socket, DatagramPoller poller, DatagramReader owner)
    {
        Socket = socket;
        Owner = owner;
        _poller = poller;
        Local = UdpSockets.GetLocal(socket);
    }

    public TransportAddress Local { get; }

    public DatagramReader Owner { get; }

    /// <summary>Its first entry in the queue of the loop; -1 for none.</summary>
    public int FirstDeparture { get; set; } = -1;

    /// <summary>Its last entry in the queue of the loop; -1 for none.</summary>
    public int LastDeparture { get; set; } = -1;

    protected Socket Socket { get; }

    /// <summary>Takes what has come, up to the free slots of <see cref="DatagramPoller.Arrivals"/>; read it there before the next call.</summary>
    /// <param name="spreads">Whether each datagram needs room for headers around it.</param>
    /// <returns>False where the system reports an error, which says nothing about the socket; more datagrams may be there.</returns>
    public bool Receive(bool spreads)
    {
        if (_poller.Arrivals.Free == 0)
        {
            _poller.Flush();
            _poller.Arrivals.Release();
        }

        _poller.Arrivals.Begin(spreads);
        return Receive(_poller.Arrivals);
    }

    /// <summary>Queues a datagram, which leaves with the next <see cref="DatagramPoller.Flush"/>; until then its bytes must stay.</summary>
    /// <param name="departure">The datagram.</param>
    public void Queue(in Departure departure)
    {
        if (departure.Destination.Family != Local.Family)
        {
            Owner.OnUnsent(1);
            return;
        }

        if (_poller.Departures.IsFull)
        {
            _poller.Flush();
        }

        _poller.Departures.Add(this, departure);
    }

    /// <summary>Sends a datagram with the DF bit, at once and after all that is queued; where the system refuses it, <see cref="DatagramReader.OnUnsent"/> is told.</summary>
    /// <param name="departure">The datagram.</param>
    public void SendUnfragmented(in Departure departure)
    {
        _poller.Flush();
        bool sent = departure.Destination.Family == Local.Family && TrySendUnfragmented(departure);
        Count(sent ? 1 : 0, sent ? 0 : 1, sent ? departure.Relayed : Departure.NotRelayed);
    }

    /// <summary>Takes one ICMP error about a datagram that was sent, of the types that RFC 8656 section 11.5 names.</summary>
    /// <param name="destination">Where the datagram was sent.</param>
    /// <param name="error">The error.</param>
    public abstract bool TryReadIcmp(out TransportAddress destination, out IcmpError error);

    /// <summary>Sends what is queued, and closes the socket.</summary>
    public void Dispose()
    {
        if (FirstDeparture >= 0)
        {
            _poller.Flush();
        }

        Detach();
        Socket.Dispose();
    }

    protected abstract bool Receive(ArrivalBatch arrivals);

    protected abstract bool TrySendUnfragmented(in Departure departure);

    /// <summary>Ends the watch over the socket.</summary>
    protected abstract void Detach();

    private void Count(int sent, int unsent, int relayed)
    {
        if (unsent != 0)
        {
            Owner.OnUnsent(unsent);
        }
        else if (relayed != Departure.NotRelayed)
        {
            Owner.OnRelayed(sent, relayed);
        }
    }
}
