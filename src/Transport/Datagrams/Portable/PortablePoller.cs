using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Stack.Transport;

/// <summary>Waits by <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, TimeSpan)"/>; woken by a datagram to itself.</summary>
internal sealed class PortablePoller : DatagramPoller
{
    private static readonly byte[] Nudge = [0];

    private readonly Dictionary<Socket, PortableDatagramPort> _ports = [];
    private readonly List<Socket> _ready = [];
    private readonly Socket _wake;
    private readonly byte[] _drain = new byte[16];
    private int _woken;

    public PortablePoller()
    {
        _wake = UdpSockets.Open(AddressFamily.InterNetwork);
        try
        {
            // Connected to itself, so that only its own datagrams come in.
            _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _wake.Connect(_wake.LocalEndPoint!);
        }
        catch
        {
            _wake.Dispose();
            throw;
        }
    }

    public override DatagramPort Add(Socket socket, DatagramReader reader, DatagramPortOptions options)
    {
        var port = new PortableDatagramPort(socket, this, reader);
        _ports.Add(socket, port);
        return port;
    }

    public void Remove(Socket socket) => _ports.Remove(socket);

    public override bool TryTakeReady(out DatagramReader reader, out bool hasErrors)
    {
        hasErrors = false;
        while (_ready.Count != 0)
        {
            Socket socket = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            if (_ports.TryGetValue(socket, out PortableDatagramPort? port))
            {
                reader = port.Owner;
                return true;
            }
        }

        reader = null!;
        return false;
    }

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) != 0)
        {
            return;
        }

        try
        {
            _wake.Send(Nudge);
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: nobody is left to wake.
        }
    }

    public override void Dispose() => _wake.Dispose();

    protected override void Send(DepartureQueue departures)
    {
        foreach (DatagramPort port in departures.Ports)
        {
            ((PortableDatagramPort)port).Send(departures);
        }
    }

    protected override void Await(TimeSpan most)
    {
        _ready.Clear();
        _ready.Add(_wake);
        foreach (Socket socket in _ports.Keys)
        {
            _ready.Add(socket);
        }

        Socket.Select(_ready, null, null, most);
        if (_ready.Remove(_wake))
        {
            while (_wake.Poll(0, SelectMode.SelectRead))
            {
                _wake.Receive(_drain);
            }
        }

        // A full fence: what is posted without a wake from here on was posted before the loop looks for it.
        Interlocked.Exchange(ref _woken, 0);
    }
}
