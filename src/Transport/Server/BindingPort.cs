using System;
using System.Net.Sockets;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One UDP socket of a <see cref="UdpBindingListener"/>.</summary>
internal sealed class BindingPort : DatagramReader, IDisposable
{
    private readonly UdpBindingListener _listener;
    private readonly DatagramPoller _poller;
    private readonly DatagramPort _port;

    public BindingPort(UdpBindingListener listener, DatagramPoller poller, Socket socket)
    {
        _listener = listener;
        _poller = poller;
        _port = poller.Add(socket, this, new DatagramPortOptions());
    }

    public TransportAddress Local => _port.Local;

    public override void OnReadable(bool hasErrors)
    {
        // An ICMP error about an earlier reply says nothing about the socket.
        if (!_port.Receive(spreads: false))
        {
            _listener.Metrics.CountSendFailure();
            return;
        }

        ArrivalBatch arrivals = _poller.Arrivals;
        while (arrivals.TryRead(out DatagramArrival arrival))
        {
            try
            {
                _listener.Answer(this, arrivals.Buffer.Slice(arrival.Offset, arrival.Length), arrival.Source);
            }
            catch (Exception)
            {
                // A defect of ours that one datagram brings to light must not silence the server for everybody else.
                _listener.Metrics.CountFault();
            }
        }

        for (int i = 0; i < arrivals.Truncated; i++)
        {
            _listener.Metrics.CountTruncated("udp");
        }
    }

    public override void OnRelayed(int datagrams, long bytes)
    {
        // Nothing is relayed here.
    }

    public override void OnUnsent(int datagrams)
    {
        for (int i = 0; i < datagrams; i++)
        {
            _listener.Metrics.CountSendFailure();
        }
    }

    public void Queue(in Departure departure) => _port.Queue(departure);

    public void Dispose() => _port.Dispose();
}
