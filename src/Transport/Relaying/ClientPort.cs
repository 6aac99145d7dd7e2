using System;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A UDP socket that clients send to.</summary>
internal sealed class ClientPort : DatagramReader, IDisposable
{
    private readonly RelayShard _shard;
    private readonly DatagramPort _port;
    private readonly ArrivalBatch _arrivals;

    public ClientPort(RelayShard shard, Socket socket, DatagramPoller poller)
    {
        _shard = shard;
        _arrivals = poller.Arrivals;
        _port = poller.Add(socket, this, new DatagramPortOptions());
    }

    public TransportAddress Local => _port.Local;

    public override void OnReadable(bool hasErrors)
    {
        if (!_port.Receive(spreads: false))
        {
            _shard.Counters.CountReceiveFailure();
            return;
        }

        Instant now = _shard.Now;
        while (_arrivals.TryRead(out DatagramArrival arrival))
        {
            try
            {
                Handle(arrival, now);
            }
            catch (Exception error)
            {
                // The others of the batch are innocent.
                _shard.Fail(error);
            }
        }

        _shard.Counters.CountTruncated(_arrivals.Truncated);
    }

    public override void OnRelayed(int datagrams, long bytes) => _shard.Counters.CountToClients(datagrams, bytes);

    public override void OnUnsent(int datagrams) => _shard.Counters.CountSendFailures(datagrams);

    public void Queue(in Departure departure) => _port.Queue(departure);

    public void Dispose() => _port.Dispose();

    private void Handle(in DatagramArrival arrival, Instant now)
    {
        var path = new FiveTuple(new ClientAddress(arrival.Source), Local, StunTransport.Udp);
        int replyAt = _shard.Buffers.Next;
        TurnServerStep step = _shard.Handle(_arrivals.Buffer.Slice(arrival.Offset, arrival.Length), path, replyAt, now);
        switch (step.Action)
        {
            case TurnServerAction.Forward:
                // A datagram that is relayed leaves the state machine with nothing else to do.
                _shard.Relays.Send(step.Forward, _arrivals.Buffer, arrival.Offset, arrival.TrafficClass);
                return;
            case TurnServerAction.Reply:
                ClientPort from = step.Reply.Origin == Local ? this : _shard.Clients.FindPort(step.Reply.Origin) ?? this;
                from.Queue(new Departure(_shard.Buffers.Outbound, replyAt, step.Reply.Length, step.Reply.Destination, 0, Departure.NotRelayed));
                _shard.Buffers.Keep(step.Reply.Length);
                break;
        }

        _shard.Pump();
    }
}
