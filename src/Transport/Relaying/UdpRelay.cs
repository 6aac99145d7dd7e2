using System;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The UDP socket of a relayed transport address.</summary>
internal sealed class UdpRelay : IDatagramReader, IDisposable
{
    private readonly RelayShard _shard;
    private readonly RelayId _id;
    private readonly DatagramPort _port;

    public UdpRelay(RelayShard shard, RelayId id, Socket socket, DatagramPoller poller)
    {
        _shard = shard;
        _id = id;
        _port = poller.Add(socket, this, reportsIcmp: true);
    }

    public void OnReadable()
    {
        // Errors first: what is left of them would be reported in place of a datagram.
        for (int taken = 0; taken < IDatagramReader.Burst && _port.TryReadIcmp(out TransportAddress peer, out IcmpError error); taken++)
        {
            HandleIcmp(peer, error);
        }

        for (int taken = 0; taken < IDatagramReader.Burst; taken++)
        {
            switch (_port.Receive(_shard.Buffers.Inbound, RelayBuffers.Start, RelayBuffers.MessageSize, out DatagramArrival arrival))
            {
                case ReceiveStatus.Received:
                    Handle(arrival);
                    break;
                case ReceiveStatus.Truncated:
                    _shard.Counters.CountTruncated();
                    break;
                case ReceiveStatus.Failed:
                    _shard.Counters.CountReceiveFailure();
                    break;
                default:
                    return;
            }
        }
    }

    public void Send(int offset, int length, TransportAddress peer, byte trafficClass, bool dontFragment)
    {
        if (_port.Send(_shard.Buffers.Inbound, offset, length, peer, trafficClass, dontFragment))
        {
            _shard.Counters.CountToPeer(length);
        }
        else
        {
            _shard.Counters.CountSendFailure();
        }
    }

    /// <summary>Throws away what has come so far, a bounded part of it.</summary>
    public void Discard()
    {
        for (int taken = 0; taken < 16 * IDatagramReader.Burst; taken++)
        {
            if (_port.Receive(_shard.Buffers.Waste, 0, _shard.Buffers.Waste.Bytes.Length, out _) == ReceiveStatus.Empty)
            {
                return;
            }
        }
    }

    public void Dispose() => _port.Dispose();

    private void Handle(in DatagramArrival arrival)
    {
        PinnedBuffer buffer = _shard.Buffers.Inbound;
        TurnServerDisposition disposition = _shard.Server.HandlePeerDatagram(
            _id,
            new PeerAddress(arrival.Source),
            buffer.Slice(0, RelayBuffers.Start + arrival.Length + TurnServer.Tailroom),
            RelayBuffers.Start,
            arrival.Length,
            _shard.Now,
            out ClientForward forward);
        _shard.Counters.CountPeerDatagram(disposition);
        if (disposition == TurnServerDisposition.Relayed && _shard.Clients.Forward(forward, buffer, arrival.TrafficClass))
        {
            _shard.Counters.CountToClient(arrival.Length);
        }

        _shard.Pump();
    }

    private void HandleIcmp(TransportAddress peer, IcmpError error)
    {
        PinnedBuffer buffer = _shard.Buffers.Outbound;
        _shard.Counters.CountIcmp();
        TurnServerDisposition disposition = _shard.Server.HandleIcmp(
            _id,
            new PeerAddress(peer),
            error,
            buffer.Bytes,
            _shard.Now,
            out ClientForward forward);
        if (disposition == TurnServerDisposition.Relayed)
        {
            _shard.Clients.Forward(forward, buffer, trafficClass: 0);
        }

        _shard.Pump();
    }
}
