using System;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The UDP socket of a relayed transport address.</summary>
internal sealed class UdpRelay : DatagramReader, IDisposable
{
    // Shared by all: there may be thousands.
    private static readonly DatagramPortOptions Options = new() { ReportsIcmp = true };

    private readonly RelayShard _shard;
    private readonly RelayId _id;
    private readonly DatagramPort _port;

    public UdpRelay(RelayShard shard, RelayId id, Socket socket, DatagramPoller poller)
    {
        _shard = shard;
        _id = id;
        _port = poller.Add(socket, this, Options);
    }

    public override void OnReadable(bool hasErrors)
    {
        // Errors first: what is left of them would be reported in place of a datagram.
        if (hasErrors)
        {
            ReadErrors();
        }

        if (!_port.Receive(spreads: true))
        {
            _shard.Counters.CountReceiveFailure();
            return;
        }

        ArrivalBatch arrivals = _shard.Arrivals;
        Instant now = _shard.Now;
        while (arrivals.TryRead(out DatagramArrival arrival))
        {
            try
            {
                Handle(arrivals.Buffer, arrival, now);
            }
            catch (Exception error)
            {
                // The others of the batch are innocent.
                _shard.Fail(error);
            }
        }

        _shard.Counters.CountTruncated(arrivals.Truncated);
    }

    public override void OnRelayed(int datagrams, long bytes) => _shard.Counters.CountToPeers(datagrams, bytes);

    public override void OnUnsent(int datagrams) => _shard.Counters.CountSendFailures(datagrams);

    public void Send(in Departure departure, bool dontFragment)
    {
        if (dontFragment)
        {
            _port.SendUnfragmented(departure);
        }
        else
        {
            _port.Queue(departure);
        }
    }

    public void Dispose() => _port.Dispose();

    private void Handle(PinnedBuffer buffer, in DatagramArrival arrival, Instant now)
    {
        int start = arrival.Offset - TurnServer.Headroom;
        TurnServerDisposition disposition = _shard.Server.HandlePeerDatagram(
            _id,
            new PeerAddress(arrival.Source),
            buffer.Slice(start, TurnServer.Headroom + arrival.Length + TurnServer.Tailroom),
            TurnServer.Headroom,
            arrival.Length,
            now,
            out ClientForward forward);
        _shard.Counters.CountPeerDatagram(disposition);
        if (disposition == TurnServerDisposition.Relayed)
        {
            _shard.Clients.Forward(forward, buffer, start, arrival.TrafficClass, arrival.Length);
        }
    }

    private void ReadErrors()
    {
        const int Most = 64;
        for (int taken = 0; taken < Most && _port.TryReadIcmp(out TransportAddress peer, out IcmpError error); taken++)
        {
            HandleIcmp(peer, error);
        }
    }

    private void HandleIcmp(TransportAddress peer, IcmpError error)
    {
        DepartureBuffer buffers = _shard.Buffers;
        int at = buffers.Next;
        _shard.Counters.CountIcmp();
        TurnServerDisposition disposition = _shard.Server.HandleIcmp(
            _id,
            new PeerAddress(peer),
            error,
            buffers.GetRoom(at),
            _shard.Now,
            out ClientForward forward);
        if (disposition == TurnServerDisposition.Relayed)
        {
            _shard.Clients.Forward(forward, buffers.Outbound, at, trafficClass: 0, Departure.NotRelayed);
            buffers.Keep(forward.Offset + forward.Length);
        }

        _shard.Pump();
    }
}
