using System;
using System.Net;
using System.Net.Sockets;

namespace Stack.Transport.Tests;

/// <summary>A socket that sets the byte of the IP header, and sees it.</summary>
internal sealed class TrafficClassEnd : DatagramReader, IDisposable
{
    private readonly LinuxPoller _poller = new();
    private readonly DatagramPort _port;
    private readonly bool _owned;
    private readonly Socket _socket;

    public TrafficClassEnd(Socket? socket = null)
    {
        _owned = socket is null;
        _socket = socket ?? RawClient.Udp();
        _port = _poller.Add(_socket, this, new DatagramPortOptions());
    }

    public IPEndPoint Local => _port.Local.ToIPEndPoint();

    public void Set(byte trafficClass) => _socket.SetRawSocketOption(LinuxCalls.LevelIP, LinuxCalls.TypeOfService, [trafficClass, 0, 0, 0]);

    public void Send(IPEndPoint destination) => _socket.SendTo([9], destination);

    public byte Receive()
    {
        while (true)
        {
            _poller.Wait(block: true);
            if (_port.Receive(spreads: false) && _poller.Arrivals.TryRead(out DatagramArrival arrival))
            {
                return arrival.TrafficClass;
            }
        }
    }

    public override void OnRelayed(int datagrams, long bytes) => throw new InvalidOperationException("Nothing is relayed.");

    public override void OnUnsent(int datagrams) => throw new InvalidOperationException("Nothing is sent.");

    public override void OnReadable(bool hasErrors) => throw new InvalidOperationException("The test reads itself.");

    public void Dispose()
    {
        if (_owned)
        {
            _port.Dispose();
        }

        _poller.Dispose();
    }
}
