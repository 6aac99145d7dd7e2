using System;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A UDP socket that clients send to.</summary>
internal sealed class ClientPort : IDatagramReader, IDisposable
{
    private readonly RelayShard _shard;
    private readonly DatagramPort _port;

    public ClientPort(RelayShard shard, Socket socket, DatagramPoller poller)
    {
        _shard = shard;
        _port = poller.Add(socket, this, reportsIcmp: false);
    }

    public TransportAddress Local => _port.Local;

    public void OnReadable()
    {
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

    public bool Send(PinnedBuffer buffer, int offset, int length, TransportAddress client, byte trafficClass)
    {
        if (_port.Send(buffer, offset, length, client, trafficClass, dontFragment: false))
        {
            return true;
        }

        _shard.Counters.CountSendFailure();
        return false;
    }

    public void Dispose() => _port.Dispose();

    private void Handle(in DatagramArrival arrival)
    {
        var path = new FiveTuple(new ClientAddress(arrival.Source), Local, StunTransport.Udp);
        TurnServerStep step = _shard.Handle(arrival.Length, path);
        switch (step.Action)
        {
            case TurnServerAction.Reply:
                ClientPort from = step.Reply.Origin == Local ? this : _shard.Clients.FindPort(step.Reply.Origin) ?? this;
                from.Send(_shard.Buffers.Outbound, 0, step.Reply.Length, step.Reply.Destination, trafficClass: 0);
                break;
            case TurnServerAction.Forward:
                _shard.Relays.Send(step.Forward, arrival.TrafficClass);
                break;
        }

        _shard.Pump();
    }
}
