using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The ways from a loop to its clients: its UDP listeners and the TCP and TLS connections that belong to it.</summary>
internal sealed class ShardClients(RelayShard shard)
{
    private readonly List<ClientPort> _ports = [];
    private readonly Dictionary<FiveTuple, TurnStreamConnection> _connections = [];

    public void Add(ClientPort port) => _ports.Add(port);

    public void Add(TurnStreamConnection connection) => _connections[connection.Path] = connection;

    public void Remove(TurnStreamConnection connection)
    {
        if (FindConnection(connection.Path) == connection)
        {
            _connections.Remove(connection.Path);
        }
    }

    public ClientPort? FindPort(TransportAddress local)
    {
        foreach (ClientPort port in CollectionsMarshal.AsSpan(_ports))
        {
            if (port.Local == local)
            {
                return port;
            }
        }

        return null;
    }

    public TurnStreamConnection? FindConnection(in FiveTuple path) => _connections.GetValueOrDefault(path);

    /// <summary>Sends what a peer has sent, in the message that stands in a buffer.</summary>
    /// <returns>Whether it is on its way.</returns>
    public bool Forward(in ClientForward forward, PinnedBuffer buffer, byte trafficClass)
    {
        if (forward.Path.Transport == StunTransport.Udp)
        {
            return FindPort(forward.Path.Server) is { } port
                && port.Send(buffer, forward.Offset, forward.Length, forward.Path.Client.Value, trafficClass);
        }

        // The reader is too slow or gone: this is a datagram, and datagrams get lost.
        if (FindConnection(forward.Path) is { } connection && connection.Queue.TryEnqueue(buffer.Slice(forward.Offset, forward.Length)))
        {
            return true;
        }

        shard.Counters.CountOverflow();
        return false;
    }

    /// <summary>Sends a message of the server's own, which stands in the outbound buffer.</summary>
    public void Send(in ClientTransmit transmit)
    {
        if (transmit.Path.Transport == StunTransport.Udp)
        {
            FindPort(transmit.Path.Server)?.Send(shard.Buffers.Outbound, 0, transmit.Length, transmit.Path.Client.Value, trafficClass: 0);
        }
        else
        {
            FindConnection(transmit.Path)?.Reply(shard.Buffers.Outbound.Slice(0, transmit.Length));
        }
    }

    public void Close()
    {
        _ports.ForEach(static port => port.Dispose());
        _ports.Clear();
        _connections.Clear();
    }
}
