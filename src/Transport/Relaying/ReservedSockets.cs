using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The sockets that hold reserved ports (RFC 8656 section 7.2), of all loops: one reserves, another may claim.</summary>
internal sealed class ReservedSockets : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TransportAddress, Socket> _sockets = [];

    public void Add(TransportAddress address, Socket socket)
    {
        lock (_gate)
        {
            _sockets.Add(address, socket);
        }
    }

    public Socket? Take(TransportAddress address)
    {
        lock (_gate)
        {
            return _sockets.Remove(address, out Socket? socket) ? socket : null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Socket socket in _sockets.Values)
            {
                socket.Dispose();
            }

            _sockets.Clear();
        }
    }
}
